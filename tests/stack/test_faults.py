"""What visitors see while a part of the site is away, with 200 of them a second."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from io import BytesIO

import psycopg2
import pytest
from PIL import Image

from tests.stack.topology import Web
from tests.stack.visitors import Connection, Seen

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]

# In seconds, how long PostgreSQL is away.
OUTAGE = 30


def test_while_the_database_is_away_pages_that_are_kept_are_shown_and_others_say_when_to_come_back(
    stack, reading, visitor, eventually
):
    with reading() as visitors:
        time.sleep(2)
        stack.postgres.stop()
        stopped = time.monotonic()
        unknown = []
        while time.monotonic() - stopped < OUTAGE:
            unknown.append(visitor.get(f"/fr/search/?q=unesco{len(unknown)}"))
            time.sleep(0.5)
        assert [web.readiness() for web in stack.webs] == [200, 200]
        stack.postgres.start()
        back = eventually(lambda: visitor.get("/fr/search/?q=unesco").is_right)
        time.sleep(3)
    print(f"\nPostgreSQL away for {OUTAGE} s: {visitors.report()}; back after {back:.1f} s")
    assert visitors.wrong() == []
    assert {(one.status, bool(one.retry_after), one.is_whole) for one in unknown} == {(503, True, True)}
    assert max(one.took for one in unknown) < 5


def test_what_staff_publish_after_an_outage_is_seen_at_once(stack, staff, eventually):
    editor = staff(stack.webs[0])
    stack.postgres.stop()
    time.sleep(1)
    stack.postgres.start()
    eventually(lambda: editor.get("").status_code == 200)
    title = f"Conference on artificial intelligence {time.monotonic():.0f}"
    code = (
        "from pages.models import BasePage; "
        f"page = BasePage.objects.get(slug='mission').specific; page.title_en = {title!r}; "
        "page.save_revision().publish()"
    )
    stack.shell(code)
    for web in stack.webs:
        eventually(lambda web=web: title in web.ask("/en/about/mission/")[1].decode(), 2)


def test_while_redis_is_away_nobody_notices(stack, reading, eventually):
    with reading() as visitors:
        time.sleep(2)
        stack.redis.stop()
        time.sleep(8)
        assert [web.readiness() for web in stack.webs] == [200, 200]
        stack.redis.start()
        eventually(lambda: b'"ready"' in stack.webs[0].ask("/readyz")[1])
        time.sleep(2)
    print(f"\nRedis away for 8 s: {visitors.report()}")
    assert visitors.wrong() == []


def test_a_redis_that_answers_nobody_keeps_nobody_waiting(stack, reading):
    with reading() as visitors:
        time.sleep(2)
        stack.redis.pause()
        time.sleep(8)
        stack.redis.go_on()
        time.sleep(2)
    print(f"\nRedis silent for 8 s: {visitors.report()}")
    assert visitors.wrong() == []
    assert max(one.took for one in visitors.seen) < 3


def at_once(stack, paths: list[str]) -> list[Seen]:
    """What as many visitors see who ask at the same moment."""

    def ask(number: int) -> Seen:
        connection = Connection(stack.nginx.port, f"127.0.0.{100 + number}")
        try:
            return connection.get(paths[number])
        finally:
            connection.close()

    with ThreadPoolExecutor(len(paths)) as pool:
        return list(pool.map(ask, range(len(paths))))


def picture_on_the_home_page(stack) -> str:
    return re.search(r"/media/images/[^ \",]+", stack.webs[0].ask("/en/")[1].decode())[0]


def test_while_the_store_of_files_is_away_pages_come_and_pictures_that_were_seen(
    stack, reading, visitor, eventually
):
    seen = picture_on_the_home_page(stack)
    assert visitor.get(seen).is_right
    with reading() as visitors:
        time.sleep(2)
        stack.s3.pause()
        assert visitor.get("/media/images/1/unseen.webp").status == 503
        unseen = at_once(stack, [f"/media/images/1/unseen-{number}.webp" for number in range(12)])
        assert visitor.get(seen).is_right
        assert [web.readiness() for web in stack.webs] == [200, 200]
        stack.s3.go_on()
        eventually(lambda: visitor.get("/media/images/1/unseen.webp").status == 404)
        time.sleep(2)
    print(f"\nThe store of files silent: {visitors.report()}")
    assert visitors.wrong() == []
    assert {one.status for one in unseen} == {503}
    # A few wait to hear whether it is back; the others are told, and readers of pages are not held up.
    assert sorted(one.took for one in unseen)[-4] < 2
    assert sorted(one.took for one in visitors.seen)[-10] < 3


def test_a_web_process_that_is_killed_takes_no_visitor_with_it(stack, reading):
    with reading() as visitors:
        time.sleep(2)
        stack.webs[0].kill()
        time.sleep(5)
        stack.webs[0].start()
        stack.webs[0].wait()
        time.sleep(2)
    print(f"\nA web process killed: {visitors.report()}")
    assert visitors.wrong() == []


def imported(stack, code: str) -> list[str]:
    return stack.shell(f"from tests.stack import big_import; big_import.{code}()").split()


def test_a_worker_that_is_killed_in_the_middle_of_an_import_loses_nothing_and_writes_nothing_twice(
    stack, reading, staff, eventually
):
    with reading() as visitors:
        # Somebody is in its way, so that it can neither go on nor end before it is killed.
        with closing(psycopg2.connect(stack.postgres.url)) as other, other.cursor() as cursor:
            cursor.execute("LOCK TABLE wagtailcore_revision IN SHARE MODE")
            (expected,) = imported(stack, "begin")

            def is_held_up() -> bool:
                cursor.execute(
                    "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'RowExclusiveLock'"
                )
                return cursor.fetchone()[0] == 1

            eventually(is_held_up)
            stack.worker.kill()
        before = imported(stack, "state")
        stack.worker.start()
        eventually(lambda: imported(stack, "state")[0] == "done", 120)
        time.sleep(3)
        _done, said, written, revisions = imported(stack, "state")
    print(f"\nA worker killed in an import of {expected} texts: {visitors.report()}")
    assert before == ["waiting", "None", "0", "0"]
    assert said == written == expected
    # A milestone has one text, and one draft for it.
    assert revisions == expected
    assert visitors.wrong() == []


def png(width: int, height: int) -> bytes:
    """A picture that no encoder makes small."""
    file = BytesIO()
    Image.effect_noise((width, height), 100).save(file, "PNG")
    return file.getvalue()


COUNT = "from library.models import CustomImage as Image; print(Image.objects.count())"
FORGET = "from library.models import CustomImage as Image; Image.objects.filter(title='Small').delete()"


def test_a_full_disk_refuses_an_upload_with_a_sentence_and_loses_nothing(stack, reading, staff, small_disk):
    web = Web(stack, "web-disk", S3_BUCKET="", MEDIA_ROOT=str(small_disk))
    web.start()
    try:
        web.wait()
        editor = staff(web)
        before = stack.shell(COUNT)
        with reading() as visitors:
            large = {"file": ("large.png", png(1400, 1400), "image/png")}
            refused = editor.post("images/add/", files=large, title="Large", collection="1")
            assert refused.status_code == 503
            assert "could not be stored" in refused.text
            assert [path for path in small_disk.rglob("*") if path.is_file()] == []
            assert stack.shell(COUNT) == before
            small = {"file": ("small.png", png(60, 40), "image/png")}
            taken = editor.post("images/add/", files=small, title="Small", collection="1")
            assert taken.status_code == 302
        print(f"\nThe disk full: {visitors.report()}")
        assert visitors.wrong() == []
    finally:
        web.stop()
        stack.shell(FORGET)
