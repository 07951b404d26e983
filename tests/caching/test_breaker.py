"""What is away keeps one thread waiting and not all of them."""

import threading
import time

import pytest

from caching import breaker
from caching.breaker import Breaker, BreakerOpen


class Away(Exception):
    pass


def ask(service: Breaker, answer=None):
    with service.asking((Away,)):
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def broken(monkeypatch):
    monkeypatch.setattr(breaker, "PAUSE", 0.05)
    service = Breaker()
    with pytest.raises(Away):
        ask(service, Away())
    return service


def test_right_after_a_failure_nobody_asks(broken):
    with pytest.raises(BreakerOpen):
        ask(broken, "there")


def test_after_a_moment_somebody_asks_again_and_then_all_do(broken):
    time.sleep(0.06)
    assert ask(broken, "there") == "there"
    assert ask(broken, "there") == "there"


def test_an_answer_that_says_no_is_an_answer(broken):
    time.sleep(0.06)
    with pytest.raises(FileNotFoundError):
        ask(broken, FileNotFoundError())
    assert ask(broken, "there") == "there"


def test_while_one_waits_to_hear_whether_it_is_back_the_others_do_not(broken):
    time.sleep(0.06)
    waits, may_end = threading.Event(), threading.Event()

    def probe():
        with broken.asking((Away,)):
            waits.set()
            may_end.wait(5)

    thread = threading.Thread(target=probe)
    thread.start()
    waits.wait(5)
    with pytest.raises(BreakerOpen):
        ask(broken, "there")
    may_end.set()
    thread.join(5)
    assert ask(broken, "there") == "there"
