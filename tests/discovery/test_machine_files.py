"""What is found at fixed addresses: robots.txt, security.txt, the manifest, search and icons."""

import json
import re
from datetime import datetime, timedelta
from io import BytesIO
from urllib.robotparser import RobotFileParser

import pytest
from django.utils import timezone
from lxml import etree
from PIL import Image
from wagtail.models import Site

from pages.models import SiteSettings
from tests.discovery.reading import path_of, xml
from translations.languages import all_languages

pytestmark = pytest.mark.django_db


def body(response) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_crawlers_are_kept_from_the_admin_and_from_results_and_from_nothing_else(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    rules = RobotFileParser()
    rules.parse(body(response).decode().splitlines())
    for url in ("/admin/pages/", "/ar/search/?q=x", "/zh-hans/search/suggest/?q=x"):
        assert not rules.can_fetch("anyone", url)
    for url in (
        "/en/",
        "/zh-hans/search/",
        "/fr/news/feed/",
        "/static/css/site.css",
        "/media/images/x.webp",
        "/ru/card/1-abc.png",
        "/documents/1/report.pdf",
        "/en/index.md",
    ):
        assert rules.can_fetch("anyone", url)
    (sitemap,) = rules.site_maps()
    assert client.get(path_of(sitemap)).status_code == 200


def test_whoever_finds_a_weakness_is_told_whom_to_write_to(client):
    assert client.get("/.well-known/security.txt").status_code == 404
    settings = SiteSettings.objects.create(site=Site.objects.get(), email="office@example.org")
    assert b"Contact: mailto:office@example.org" in body(client.get("/.well-known/security.txt"))
    settings.security_contact = "security@example.org"
    settings.save()
    response = client.get("/.well-known/security.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    lines = [line.partition(": ")[::2] for line in body(response).decode().splitlines()]
    fields = dict(lines)
    assert len(fields) == len(lines)
    assert fields["Contact"] == "mailto:security@example.org"
    assert path_of(fields["Canonical"]) == "/.well-known/security.txt"
    # RFC 9116, 2.5.5: less than a year ahead is recommended.
    left = datetime.fromisoformat(fields["Expires"]) - timezone.now()
    assert timedelta(days=170) < left < timedelta(days=365)
    assert fields["Preferred-Languages"] == "en, zh-Hans"


def test_the_manifest_and_the_search_description_are_in_each_language(client, read):
    for language in all_languages():
        html = read(f"/{language.code}/")
        response = client.get(html.select_one('link[rel="manifest"]')["href"])
        assert response["Content-Type"] == "application/manifest+json"
        manifest = json.loads(body(response))
        assert (manifest["lang"], manifest["dir"]) == (language.tag, language.direction)
        assert manifest["name"] == html.select_one(".wordmark span span").get_text()
        assert client.get(manifest["start_url"]).status_code == 200
        for icon in manifest["icons"]:
            size = Image.open(BytesIO(body(client.get(icon["src"])))).size
            assert icon["sizes"] == "{}x{}".format(*size)
        search = html.select_one('link[rel="search"]')
        description = xml(client, search["href"])
        names = {etree.QName(child).localname: child for child in description}
        assert len(names["ShortName"].text) <= 16
        assert names["Language"].text == language.tag
        template = description.find("{*}Url[@type='text/html']").get("template")
        assert path_of(template) == f"/{language.code}/search/?q={{searchTerms}}"
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}


def test_browsers_find_the_icons_that_they_ask_for(client, read):
    icon = Image.open(BytesIO(body(client.get("/favicon.ico"))))
    assert icon.format == "ICO"
    assert icon.ico.sizes() == {(16, 16), (32, 32), (48, 48)}
    link = read("/en/").select_one('link[rel="apple-touch-icon"]')["href"]
    picture = Image.open(BytesIO(body(client.get(link))))
    assert picture.size == (180, 180)
    # A phone would show black behind what is transparent.
    assert picture.mode == "RGB"


def test_these_addresses_only_answer_readers(client):
    for url in ("/robots.txt", "/sitemap.xml", "/en/index.md", "/en/manifest.webmanifest"):
        response = client.get(url)
        assert "max-age" in response["Cache-Control"]
        assert not response.cookies
        assert not re.search("Cookie", response.get("Vary", ""))
        assert client.post(url).status_code == 405
