"""What the overview of translations costs with 5,000 records in five languages: `make bench-dashboard`.

Bounds: 12 queries and 300 ms. It runs in a scratch database, on SQLite or, if DATABASE_URL names one, on
PostgreSQL, where it makes a database of its own beside the named one and removes it again.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="ichei-bench-")
os.environ["DJANGO_SETTINGS_MODULE"] = "ichei_site.settings.dev"

import django  # noqa: E402

django.setup()

from datetime import timedelta  # noqa: E402

from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.auth.models import Group  # noqa: E402
from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from translations.languages import target_languages  # noqa: E402
from translations.models import LanguageState, RecordEntry  # noqa: E402
from translations.states import State  # noqa: E402

RECORDS, ROUNDS, QUERIES, MILLISECONDS = 5000, 9, 12, 300
OVERVIEW = "/admin/translations/"
VIEWS = {
    "all, by title": "",
    "page 100": "?p=100",
    "one language": "?language=fr",
    "drafts in French": "?language=fr&state=draft",
    "two states, words in the title": "?state=missing&state=outdated&q=report+1",
    "overdue": "?overdue=on",
    "mine": "?assignee=me",
    "by words left": "?sort=-left",
    "by state": "?sort=state",
    "by French": "?sort=in-fr",
    "by due date, nobody's": "?sort=due&assignee=nobody",
    "not changed for a month": "?changed=-30&sort=changed",
}
WORDS = ("report", "summit", "partners", "digital", "education", "meeting", "centre", "law", "map", "art")


def fill(people) -> None:
    """5,000 entries of pages and milestones, with states spread as on a busy site."""
    kinds = [
        (ContentType.objects.get(app_label=app_label, model=model), f"{app_label}.{model}")
        for app_label, model in (("news", "newspage"), ("milestones", "milestone"), ("pages", "contentpage"))
    ]
    now, today = timezone.now(), timezone.localdate()
    entries = RecordEntry.objects.bulk_create(
        RecordEntry(
            content_type=kinds[number % 3][0],
            label=kinds[number % 3][1],
            object_id=100_000 + number,
            title=f"{WORDS[number % 10].title()} {WORDS[number * 7 % 10]} {number}",
            words=number * 13 % 900,
            live=number % 9 > 0,
            updated_at=now,
        )
        for number in range(RECORDS)
    )
    RecordEntry.objects.filter(pk__in=[entry.pk for entry in entries[::4]]).update(
        updated_at=now - timedelta(days=60)
    )
    states = list(State)
    LanguageState.objects.bulk_create(
        (
            LanguageState(
                entry=entry,
                language=language.code,
                state=states[(number * 7 + place) % 5],
                origin="machine" if number % 2 else "human",
                total=20,
                done=number % 21,
                words_left=number * 11 % 700,
                assignee=people[number % len(people)] if number % 6 == 0 else None,
                due=today + timedelta(days=number % 40 - 10) if number % 6 == 0 else None,
                changed_at=now - timedelta(days=number % 90),
                note="Please look again." if number % 50 == 0 else "",
            )
            for number, entry in enumerate(entries)
            for place, language in enumerate(target_languages())
        ),
        batch_size=2000,
    )


def milliseconds(client: Client, url: str) -> float:
    times = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        response = client.get(url)
        b"".join(response)
        times.append(time.perf_counter() - start)
        assert response.status_code == 200, url
    return statistics.median(times) * 1000


def queries(client: Client, url: str) -> int:
    ContentType.objects.clear_cache()
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


def measure() -> int:
    call_command("migrate", verbosity=0)
    settings.ALLOWED_HOSTS = ["testserver"]
    users = get_user_model().objects
    admin = users.create_superuser("admin")
    people = [admin]
    for name in ("French translators", "Russian translators", "Publishers", "Editors"):
        people.append(users.create_user(name))
        people[-1].groups.add(Group.objects.get(name=name))
    fill(people)
    client = Client()
    client.force_login(admin)
    empty = milliseconds(client, "/admin/account/")
    print(
        f"{connection.vendor}: {RecordEntry.objects.count()} records in {len(target_languages())} languages. "
        f"The admin's page of one's own account takes {empty:.0f} ms.\n"
    )
    print(f"{'view':<34}{'queries':>8}{'ms':>8}{'ratio':>8}")
    over = 0
    for name, query in VIEWS.items():
        number, taken = queries(client, OVERVIEW + query), milliseconds(client, OVERVIEW + query)
        mark = "" if number <= QUERIES and taken < MILLISECONDS else "  over its bound"
        over += bool(mark)
        print(f"{name:<34}{number:>8}{taken:>8.0f}{taken / empty:>8.1f}{mark}")
    print("\nThe same for others, with the home page of the admin and the files beside it:")
    for person in people[1:]:
        client.force_login(person)
        print(
            f"{person.username:<34}{queries(client, OVERVIEW):>8}{milliseconds(client, OVERVIEW):>8.0f}"
            f"   home: {queries(client, '/admin/')} queries, {milliseconds(client, '/admin/'):.0f} ms"
        )
    client.force_login(admin)
    for name in ("csv", "xlsx"):
        start = time.perf_counter()
        size = len(b"".join(client.get(f"{OVERVIEW}table.{name}").streaming_content))
        print(f"{name:<34}{'':>8}{(time.perf_counter() - start) * 1000:>8.0f}   {size / 1e6:.1f} MB")
    return over


def main() -> int:
    if connection.vendor == "sqlite":
        return measure()
    # Never in the named database itself.
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        return measure()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
