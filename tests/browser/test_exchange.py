"""Files for translators in a real browser: out, changed, looked at and saved; each screen passes axe."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations

pytestmark = pytest.mark.xdist_group("browser")


def test_a_file_goes_out_and_comes_back(admin, tmp_path):
    admin.goto("/admin/translations/files/export/")
    assert violations(admin) == []
    for box in admin.locator("[name=languages]").all():
        box.set_checked(box.get_attribute("value") == "ar")
    with admin.expect_download() as download:
        admin.get_by_role("button", name="Download").click()
    path = tmp_path / "arabic.xlf"
    download.value.save_as(path)
    text = path.read_text()
    start = text.index("<target")
    opening, end = text.index(">", start) + 1, text.index("</target>", start)
    path.write_text(f"{text[:opening]}نص جديد{text[end:]}")

    admin.goto("/admin/translations/files/import/")
    assert violations(admin) == []
    admin.set_input_files("[name=file]", path)
    admin.get_by_role("button", name="Show what it would do").click()
    expect(admin.locator(".import-counts")).to_contain_text("Changed translations: 1")
    expect(admin.locator("#changed td[dir=rtl] ins").first).to_be_visible()
    admin.wait_for_load_state()
    assert violations(admin) == []
    admin.get_by_role("button", name="Drop the file").click()
    admin.get_by_text("nothing was written").wait_for()
