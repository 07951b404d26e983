"""axe on every screen that this project adds to the admin, in all six languages of the admin:

`make audit`.
"""

import sqlite3
from contextlib import closing

import pytest
from django.conf import settings

from tests.browser.test_accessibility import violations

pytestmark = [pytest.mark.audit, pytest.mark.xdist_group("browser")]

# Screens that are all ours; {mission} is the number of a page, {image} of a picture.
OWN = (
    "/admin/",
    "/admin/translations/",
    "/admin/translations/?language=fr&state=draft",
    "/admin/translations/pages.missionpage/{mission}/fr/",
    "/admin/translations/pages.missionpage/{mission}/ar/?show=todo",
    "/admin/translations/pages.missionpage/{mission}/zh-hans/history/",
    "/admin/translations/library.customimage/{image}/ru/",
    "/admin/translations/glossary/import/",
    "/admin/translations/files/export/",
    "/admin/translations/files/import/",
    "/admin/reports/broken-links/",
    "/admin/reports/unused-images/",
    "/admin/guides/editors/",
    "/admin/guides/translators/",
)
# Wagtail's own screens, and what in them is ours.
SHARED = (
    ("/admin/pages/{mission}/edit/", ".language-switch"),
    ("/admin/images/{image}/", ".language-switch"),
    ("/admin/snippets/milestones/milestone/", ".language-states"),
    ("/admin/snippets/translations/term/", "main"),
)


@pytest.fixture(params=[code for code, _name in settings.LANGUAGES])
def admin_language(request, site):
    """The language of the administrator's admin."""
    write = (
        "INSERT INTO wagtailusers_userprofile (user_id, preferred_language, {columns}) "
        "SELECT id, ?, {values} FROM accounts_user WHERE username = 'admin'"
    )
    with closing(sqlite3.connect(site.folder / "db.sqlite3")) as database:
        names = [row[1] for row in database.execute("PRAGMA table_info(wagtailusers_userprofile)")]
        changed = database.execute(
            "UPDATE wagtailusers_userprofile SET preferred_language = ? "
            "WHERE user_id = (SELECT id FROM accounts_user WHERE username = 'admin')",
            [request.param],
        ).rowcount
        if not changed:
            others = [name for name in names if name not in {"id", "user_id", "preferred_language"}]
            defaults = {
                "theme": "'system'",
                "density": "'default'",
                "contrast": "'system'",
                "dismissibles": "'{}'",
            }
            values = [defaults.get(name, "1" if name.endswith("notifications") else "''") for name in others]
            database.execute(
                write.format(columns=", ".join(others), values=", ".join(values)), [request.param]
            )
        database.commit()
    yield request.param
    with closing(sqlite3.connect(site.folder / "db.sqlite3")) as database:
        database.execute("UPDATE wagtailusers_userprofile SET preferred_language = 'en'")
        database.commit()


def number_of_a_picture(site) -> int:
    with closing(sqlite3.connect(site.folder / "db.sqlite3")) as database:
        return database.execute("SELECT min(id) FROM library_customimage").fetchone()[0]


@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_in_the_admin(open_tab, site, admin_language, width):
    tab = open_tab(width)
    tab.goto("/admin/login/")
    tab.fill("[name=username]", "admin")
    tab.fill("[name=password]", site.password)
    tab.press("[name=password]", "Enter")
    tab.wait_for_url("**/admin/")
    numbers = {"mission": site.page_number("about/mission/"), "image": number_of_a_picture(site)}
    found = {}
    for path in OWN:
        response = tab.goto(path.format(**numbers))
        assert response.status == 200, path
        assert tab.locator("html").get_attribute("lang").lower().startswith(admin_language[:2])
        if faults := violations(tab):
            found[path] = faults
    for path, part in SHARED:
        assert tab.goto(path.format(**numbers)).status == 200, path
        if faults := violations(tab, part):
            found[path] = faults
    assert found == {}
