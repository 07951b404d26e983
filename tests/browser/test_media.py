"""A video asks nothing of another site before its reader does; pictures save data for those who wish it."""

import re

import pytest

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.browser_media] if False else pytest.mark.xdist_group("browser")
