"""Every address of the public site, in every language, looked at in every way: `make audit-pages`.

Not part of `make test`, which would take minutes longer; a part of it is in test_inspection.py.
"""

import pytest
from django.conf import settings

from tests.browser.inspection import Visitor, faults_of, faults_of_menu
from tests.paths import addresses

pytestmark = [pytest.mark.audit, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_no_page_has_a_fault(browser, site, language):
    visitor, plain = Visitor(browser, site), Visitor(browser, site, scripts=False)
    faults = []
    for path, status in addresses().items():
        faults += faults_of(visitor, plain, f"/{language}/{path}", status)
    faults += faults_of_menu(visitor, f"/{language}/about/mission/")
    visitor.close()
    plain.close()
    assert not faults, "\n".join(["", *faults])
