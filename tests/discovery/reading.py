"""Reads what machines read."""

import json
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree

SCHEMAS = Path(__file__).parent / "schemas"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
ATOM = "{http://www.w3.org/2005/Atom}"


def path_of(url: str) -> str:
    """The path of a whole address, as the test client takes it."""
    parts = urlsplit(url)
    assert parts.scheme, f"{url} is no whole address"
    assert parts.netloc, f"{url} is no whole address"
    return parts.path + (f"?{parts.query}" if parts.query else "")


def alternates_of(html) -> dict[str, str]:
    """{hreflang: path} in the head of a page; fails where one is named twice."""
    links = html.select('head link[rel="alternate"][hreflang]')
    found = {link["hreflang"]: path_of(link["href"]) for link in links}
    assert len(found) == len(links)
    return found


def canonical_of(html) -> str:
    (link,) = html.select('head link[rel="canonical"]')
    return path_of(link["href"])


def meta(html, name: str) -> str | None:
    element = html.select_one(f'head meta[property="{name}"], head meta[name="{name}"]')
    return element and element["content"]


def graph_of(html) -> dict[str, dict]:
    """The things in a page's JSON-LD by their type."""
    scripts = html.select('head script[type="application/ld+json"]')
    if not scripts:
        return {}
    (script,) = scripts
    data = json.loads(script.string)
    assert data["@context"] == "https://schema.org"
    return {thing["@type"]: thing for thing in data["@graph"]}


def xml(client, url: str):
    response = client.get(url)
    assert response.status_code == 200, url
    assert "xml" in response["Content-Type"]
    return etree.fromstring(response.content)


def assert_sitemap(tree) -> None:
    etree.XMLSchema(etree.parse(SCHEMAS / "sitemap.xsd")).assertValid(tree)


def assert_atom(tree) -> None:
    etree.RelaxNG(etree.parse(SCHEMAS / "atom.rng")).assertValid(tree)
