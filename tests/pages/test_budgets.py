"""What a visitor's phone has to load (DESIGN's figures): small, and from this site alone."""

import pytest
from django.conf import settings

from tests.paths import addresses
from tests.weights import Weight, text_bound, weigh, whole_bound

SCRIPTS = 5_000
_weights: dict[tuple[str, str], Weight] = {}


@pytest.fixture
def weights(client, db) -> dict[tuple[str, str], Weight]:
    """{(language, path): what it weighs} of every address; weighed once for all tests here."""
    for code, _name in settings.LANGUAGES:
        for path, status in addresses().items():
            if (code, path) not in _weights:
                response = client.get(f"/{code}/{path}")
                assert response.status_code == status, (code, path)
                _weights[code, path] = weigh(response.content)
    return _weights


def test_html_and_css_are_small(weights):
    heavy = {page: weight.text for page, weight in weights.items() if weight.text > text_bound(page[1])}
    assert not heavy


def test_a_whole_page_is_small_with_the_pictures_that_a_phone_chooses(weights):
    heavy = {page: weight for page, weight in weights.items() if weight.whole > whole_bound(page[1])}
    assert not heavy
    assert any(weight.pictures > 10_000 for weight in weights.values())


def test_scripts_are_an_extra_that_weighs_next_to_nothing(weights):
    assert not {page: weight.scripts for page, weight in weights.items() if weight.scripts > SCRIPTS}


def test_nothing_comes_from_elsewhere(weights):
    assert not {page: weight.elsewhere for page, weight in weights.items() if weight.elsewhere}


def test_the_scale_itself_weighs_what_is_there():
    """Two pictures of which a phone takes the larger, a script in the page, and one from elsewhere."""
    html = (
        b'<link rel="stylesheet" href="/static/css/site.css"><script>one()</script>'
        b'<script type="application/ld+json">{}</script><script src="https://cdn.example/x.js"></script>'
        b'<img src="/static/favicon.svg" srcset="/static/css/listings.css 480w, /static/favicon.svg 1440w">'
    )
    weight = weigh(html)
    assert weight.elsewhere == ("https://cdn.example/x.js",)
    assert weight.scripts == len("one()")
    assert weight.styles > 1_000
    assert weight.pictures == weigh(b'<link rel="icon" href="/static/favicon.svg">').pictures > 0
    assert weight.whole == weight.html + weight.styles + weight.scripts + weight.pictures
