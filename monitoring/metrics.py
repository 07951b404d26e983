"""What Prometheus reads: counts of this machine's processes, and what is measured when it asks.

The folder in PROMETHEUS_MULTIPROC_DIR, which deploy/gunicorn.py makes, holds the counts of all processes of
one gunicorn. Without it, they are those of this process alone.
"""

import logging
import os
import platform
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module

import django
import wagtail
from django.conf import settings
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    values,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from .exchange import Exchange
from .questions import Question, answers
from .readiness import readiness

logger = logging.getLogger(__name__)

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
# Which of gunicorn's workers this is; whoever takes the place of one goes on with its counts.
SLOT = "METRICS_SLOT"
# In seconds: from a kept page to what nobody waits for.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
OUTCOMES = ("hit", "miss", "stale", "bypass")
# How long a scrape waits for what has to be asked for.
PATIENCE = 3.0


def slot() -> str:
    return os.environ.get(SLOT) or str(os.getpid())


if os.environ.get(FOLDER):
    # The library's own way is by process, which leaves files behind for ever: gunicorn renews its workers.
    values.ValueClass = values.MultiProcessValue(slot)

OWN = CollectorRegistry()
REQUESTS = Histogram(
    "http_request_duration_seconds",
    "Time until the answer stood, by Wagtail model or view, language and class of status",
    ["page_type", "language", "status"],
    buckets=BUCKETS,
    registry=OWN,
)
CACHE = Counter(
    "page_cache_requests", "Requests by what became of them in the page cache", ["outcome"], registry=OWN
)
SLOW_QUERIES = Counter("slow_queries", "Queries that took longer than SLOW_QUERY_MS", registry=OWN)

_by_outcome = {outcome: CACHE.labels(outcome) for outcome in OUTCOMES}


def count_cache(outcome: str) -> None:
    """Counts a request by what the page cache did: "hit", "miss", "stale" or "bypass", else `KeyError`."""
    _by_outcome[outcome].inc()


def count_request(exchange: Exchange, language: str) -> None:
    labels = exchange.page_type, language, f"{exchange.status // 100}xx"
    REQUESTS.labels(*labels).observe(exchange.seconds)


@dataclass(frozen=True)
class Measure:
    """A number that is asked for when Prometheus asks: None where this site has no such thing."""

    name: str
    help: str
    ask: Callable[[], float | None]


class MeasuredNow:
    """What is not counted but looked up, each with a limit of time; what doesn't answer is left out."""

    def __init__(self, release: Callable[[], str]):
        self.release = release
        self.measures: list[Measure] = [
            measure for module in settings.METRICS_MEASURES for measure in import_module(module).MEASURES
        ]
        self.questions = [Question(measure.name, measure.ask, PATIENCE) for measure in self.measures]

    def collect(self) -> Iterable[GaugeMetricFamily]:
        yield self.build()
        checks = GaugeMetricFamily(
            "site_check_up", "Whether what the site leans on answers, as /readyz sees it", labels=["check"]
        )
        for name, state in readiness.report().checks.items():
            checks.add_metric([name], float(state == "ok"))
        yield checks
        found = answers(self.questions)
        failed = [name for name, value in found.items() if isinstance(value, Exception)]
        for measure in self.measures:
            value = found[measure.name]
            if value is not None and measure.name not in failed:
                yield GaugeMetricFamily(measure.name, measure.help, value=value)
        if failed:
            logger.warning("Could not measure %s.", ", ".join(failed))
        yield GaugeMetricFamily(
            "site_measures_failed", "Measures that could not be taken, or not in time", value=len(failed)
        )

    def build(self) -> GaugeMetricFamily:
        built = GaugeMetricFamily(
            "site_build_info", "What runs here", labels=["release", "django", "wagtail", "python"]
        )
        versions = django.get_version(), wagtail.__version__, platform.python_version()
        built.add_metric([self.release(), *versions], 1)
        return built


class Page:
    """What `/metrics` answers."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self, release: Callable[[], str]):
        self.measured = MeasuredNow(release)

    def text(self) -> bytes:
        registry = CollectorRegistry()
        if os.environ.get(FOLDER):
            MultiProcessCollector(registry)
        else:
            registry.register(OWN)
        registry.register(self.measured)
        return generate_latest(registry)
