"""A new release while 200 visitors a second read: no one of them notices."""

import time

import pytest

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]


def test_a_rolling_restart_with_migrations_in_between_fails_nobody(stack, reading):
    next_release = {"NEXT_RELEASE": "1", "BASE_URL": "https://www.example.org/"}
    with reading() as visitors:
        time.sleep(3)
        stack.manage("migrate", "-v0", **next_release)
        for web in stack.webs:
            web.environment |= next_release
            web.restart()
            time.sleep(3)
        for process in (stack.schedule, stack.worker):
            process.environment |= next_release
            process.stop()
            process.start()
        time.sleep(3)
    print(f"\nA rolling restart: {visitors.report()}")
    assert visitors.wrong() == []
    assert len(visitors.seen) > 150 * (visitors.ended - visitors.began)
    tables = stack.manage("inspectdb", "next_release_reading", **next_release)
    assert "next_release_reading" in tables
