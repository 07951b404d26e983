"""The alerts that come with the site: Prometheus can read them, and they ask for what there is."""

import re
from pathlib import Path

import pytest
import yaml

from monitoring.metrics import REQUESTS, MeasuredNow

ROOT = Path(__file__).resolve().parent.parent.parent
GUIDE = ROOT / "docs" / "operations" / "monitoring.md"
RULES = [
    rule
    for group in yaml.safe_load((ROOT / "deploy" / "prometheus-alerts.yaml").read_text())["groups"]
    for rule in group["rules"]
]
# Words of the language of queries (https://prometheus.io/docs/prometheus/latest/querying/).
WORDS = {"min", "max", "sum", "rate", "increase", "count", "histogram_quantile", "by", "and", "time"}
LABELS = re.compile(r"\{[^}]*\}|\bby \([^)]*\)|\[\w+\]")


def asked_for(expression: str) -> set[str]:
    return set(re.findall(r"[a-z_]{2,}", LABELS.sub(" ", expression))) - WORDS


@pytest.fixture
def known(site, db) -> set[str]:
    """The names of all figures, those too that this moment lacks."""
    REQUESTS.labels("none", "none", "2xx")
    names = {name.partition("{")[0] for name in site.metrics()}
    names |= {measure.name for measure in MeasuredNow(lambda: "").measures}
    # Whether Prometheus itself was answered.
    return names | {"up"}


def test_each_alert_asks_for_figures_that_exist(known):
    for rule in RULES:
        names = asked_for(rule["expr"])
        assert names, rule["alert"]
        assert names <= known, rule["alert"]


def test_each_figure_is_in_the_guide_and_most_have_an_alert(known):
    guide = GUIDE.read_text()
    # When a counter began is no figure of its own.
    names = {name for name in known if not name.endswith("_created")}
    own = {re.sub(r"_(bucket|count|sum)$", "", name) for name in names} - {"up"}
    assert not {name for name in own if f"`{name}" not in guide}
    asked = {re.sub(r"_(bucket|count|sum)$", "", name) for rule in RULES for name in asked_for(rule["expr"])}
    assert own <= asked


def test_each_label_that_an_alert_asks_for_exists(site, db):
    site.get("/en/")
    labels = {label for name in site.metrics() for label in re.findall(r'(\w+)="', name)} | {"job"}
    for rule in RULES:
        assert set(re.findall(r'(\w+)(?:=|!)~?"', rule["expr"])) <= labels, rule["alert"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_each_alert_is_whole_and_the_guide_says_what_to_do(rule):
    assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}
    assert re.fullmatch(r"\d+[mh]", rule["for"])
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"].endswith(".")
    assert f"`{rule['alert']}`" in GUIDE.read_text()
    for opening, closing in ("()", "{}", "[]"):
        assert rule["expr"].count(opening) == rule["expr"].count(closing)
