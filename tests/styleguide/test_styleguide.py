"""The style guide shows each component and each token of the site, in development alone."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from styleguide import components, tokens
from translations.languages import get_language

CSS = """
@layer tokens {
  :root { --ink: #000; --paper: #ffffff; --link: light-dark(#0b5c92, #9bd0ff); }
  :root { --heading: var(--link); --space-s: 1rem; }
  @media (prefers-color-scheme: dark) { :root { --ink: #fff; --paper: #000000; } }
  @media print { :root { --ink: #333; } }
  :lang(ar) { --space-s: 2rem; } /* :root { --ink: red; } */
}
.a { --ink: red; color: var(--ink) }
"""


def test_every_component_has_an_entry_and_every_entry_a_component():
    """A new template in templates/components, navigation or blocks needs an `Entry`."""
    assert components.undescribed() == []
    assert {entry.template for entry in components.ENTRIES} == set(components.available())


def test_the_guide_shows_every_component_in_every_language(get):
    for code, name in settings.LANGUAGES:
        html = get(f"/styleguide/{code}/")
        assert html.select_one("nav [aria-current]").get_text() == name
        for entry in components.ENTRIES:
            section = html.select_one(f'section[aria-labelledby="{entry.name}"]')
            examples = section.select(".guide-example")
            assert bool(examples) == entry.is_seen, f"{entry.name} has no example"
            for example in examples:
                assert example.get_text().strip() or example.select("img, svg"), f"{entry.name} shows nothing"
        example = html.select_one(".guide-example")
        assert (example["lang"], example["dir"]) == (get_language(code).tag, get_language(code).direction)


def test_no_other_language_has_a_guide(client, db):
    assert client.get("/styleguide/de/").status_code == 404


def test_tokens_are_those_of_the_style_sheet(get):
    read, html = tokens.read(), get("/styleguide/")
    words = html.get_text()
    assert len(read.colours) > 5
    for name in [*read.values["light"]]:
        assert f"--{name}" in words
    assert read.sheet


def test_a_sheet_is_read_with_its_schemes():
    read = tokens.Tokens(CSS)
    assert [read.value("ink", scheme) for scheme in tokens.SCHEMES] == ["#000", "#fff"]
    assert [read.value("heading", scheme) for scheme in tokens.SCHEMES] == ["#0b5c92", "#9bd0ff"]
    assert read.spaces == [("space-s", "1rem")]
    assert read.colours == ["ink", "paper", "link", "heading"]


def test_contrast_is_that_of_wcag():
    assert tokens.contrast("#000", "#ffffff") == pytest.approx(21)
    assert tokens.contrast("#767676", "#fff") == pytest.approx(4.54, abs=0.01)
    assert tokens.contrast("rgb(118 118 118)", "#fff") == tokens.contrast("#767676", "#fff")
    assert tokens.contrast("currentcolor", "#fff") is None
    pairs = {(pair.ink, pair.ground): pair for pair in tokens.Tokens(CSS).contrasts}
    assert pairs["ink", "paper"].ratios["dark"] == pytest.approx(21)
    assert pairs["link", "paper"].is_enough


def test_every_colour_of_text_has_enough_contrast_in_both_schemes():
    contrasts = tokens.read().contrasts
    assert len(contrasts) > 10
    assert [pair for pair in contrasts if not pair.is_enough] == []


def test_the_guide_to_the_design_names_every_component_and_every_colour_as_it_is():
    guide, read = (settings.BASE_DIR / "docs" / "design.md").read_text(), tokens.read()
    assert [entry.name for entry in components.ENTRIES if f"`{entry.name}`" not in guide] == []
    for name in read.colours:
        light, dark = (read.value(name, scheme) for scheme in tokens.SCHEMES)
        least = [
            f"{min(pair.ratios[scheme] for pair in read.contrasts if pair.ink == name):.1f}"
            for scheme in tokens.SCHEMES
            if any(pair.ink == name for pair in read.contrasts)
        ]
        assert f"| `--{name}` | `{light}` | `{dark}` | {', '.join(least)}".rstrip() in guide, name


def test_production_has_no_style_guide():
    code = "import django; django.setup(); from django.urls import resolve; print(resolve('/styleguide/'))"
    production = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "ichei_site.settings.production",
        "SECRET_KEY": "k" * 60,
        "ALLOWED_HOSTS": "ichei.example",
        "DATABASE_URL": "sqlite://:memory:",
    }
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env=production,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Resolver404" in run.stderr
