"""Files that are broken, or made to break the site: each is refused for its own reason, nothing written."""

import io
import json
import re
import zipfile
from datetime import date
from xml.sax.saxutils import quoteattr

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from openpyxl import load_workbook

from tests.snapshots import database
from translations import workflow
from translations.exchange import units
from translations.exchange.exporting import Format
from translations.exchange.units import MAX_BYTES
from translations.exchange.xliff import V1, V2
from translations.segments import record_key


class Broken:
    """Makes broken files out of what the site itself exports."""

    def __init__(self, exported, segments, other):
        self.exported = exported
        self.other = other
        self.title = segments[0]
        self.rich = next(segment for segment in segments if len(segment.codes) > 1)
        self.quote = next(segment for segment in segments if "lines" in segment.source)

    def unit(self, target, segment=None, name=None, digest=None, source=None, extra=""):
        """A unit of XLIFF 1.2 with a target of one's own."""
        segment = segment or self.title
        if source is None:
            source = "Text" if segment.is_rich else segment.source.replace("&", "&amp;").replace("<", "&lt;")
        digest = segment.digest if digest is None else digest
        return (
            f"<trans-unit id={quoteattr(name or segment.id)}><source>{source}</source>"
            f'<target state="translated">{target}</target><context-group>'
            f'<context context-type="x-digest">{digest}</context></context-group>{extra}</trans-unit>'
        )

    def v1(self, *found, head="", source="en", target="fr", version="1.2", namespace=V1, original=None):
        original = original or self.title.record
        return (
            f'{head}<xliff version="{version}" xmlns="{namespace}"><file original="{original}" '
            f'source-language="{source}" target-language="{target}" datatype="database"><body>'
            f"{''.join(found)}</body></file></xliff>"
        ).encode()

    def v2(self, target, name=None, attributes=""):
        name = name or self.title.id
        return (
            f'<xliff version="2.0" xmlns="{V2}" srcLang="en" trgLang="fr"><file id="f1" '
            f'original="{self.title.record}"><unit id="u1" name="{name}">{target}</unit></file></xliff>'
        ).encode()

    def bad(self, target, segment=None, **kwargs):
        return self.v1(self.unit(target, segment, **kwargs))

    def package(self, change):
        """A workbook with its parts changed: `change` gets and gives {name: content}."""
        parts = {}
        with zipfile.ZipFile(io.BytesIO(self.exported(Format.XLSX))) as package:
            for name in package.namelist():
                parts[name] = package.read(name)
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
            for name, data in change(parts).items():
                package.writestr(name, data)
        return content.getvalue()

    def part(self, name, old, new):
        return self.package(lambda parts: parts | {name: parts[name].replace(old, new, 1)})

    def sheet(self, change):
        """A workbook changed by somebody who has it open."""
        book = load_workbook(io.BytesIO(self.exported(Format.XLSX)))
        change(book)
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()

    def cell(self, value, row=3):
        def change(book):
            book.worksheets[0].cell(row, 4).value = value

        return self.sheet(change)


BOMB = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
PARAMETER = '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x.dtd"> %a;]>'
NO_TYPES = "document type declaration"

# What is sent in, and a part of the sentence that says why it isn't taken.
FILES = {
    # The file as a whole.
    "empty": (lambda b: b"", "is empty"),
    "too large": (lambda b: b"<" + b" " * MAX_BYTES, "larger than"),
    "not XML": (lambda b: b"Bonjour", "well-formed XML"),
    "half a file": (lambda b: b.exported()[:900], "well-formed XML"),
    "entity bomb": (lambda b: b.v1(b.unit("&b;"), head=BOMB), NO_TYPES),
    "external entity": (lambda b: b.v1(b.unit("&a;"), head=EXTERNAL), NO_TYPES),
    "parameter entity": (lambda b: b.v1(b.unit("a"), head=PARAMETER), NO_TYPES),
    "harmless DOCTYPE": (lambda b: b.v1(b.unit("a"), head="<!DOCTYPE xliff>"), NO_TYPES),
    "DOCTYPE in UTF-16": (
        lambda b: (
            b.v1(b.unit("&b;"), head=f'<?xml version="1.0" encoding="UTF-16"?>{BOMB}')
            .decode()
            .encode("utf-16")
        ),
        NO_TYPES,
    ),
    "undeclared entity": (lambda b: b.bad("&nbsp;x"), "well-formed XML"),
    "wrong encoding": (
        lambda b: b.v1(b.unit("é"), head='<?xml version="1.0" encoding="UTF-8"?>').decode().encode("latin-1"),
        "well-formed XML",
    ),
    "foreign encoding": (
        lambda b: (
            b.v1(b.unit("é"), head='<?xml version="1.0" encoding="ISO-8859-1"?>').decode().encode("latin-1")
        ),
        "encoding “",
    ),
    "control character": (lambda b: b.bad("a\x01b"), "well-formed XML"),
    "too deep": (lambda b: b.bad("<g id='1'>" * 80 + "</g>" * 80), "deep in each other"),
    "far too deep": (lambda b: b.bad("<g id='1'>" * 9000 + "</g>" * 9000), "well-formed XML"),
    "HTML": (lambda b: b"<html><body>x</body></html>", "no XLIFF file"),
    "TMX": (lambda b: b'<tmx version="1.4"><body/></tmx>', "no XLIFF file"),
    "version 1.1": (lambda b: b.v1(b.unit("a"), version="1.1"), "reads XLIFF 1.2 and 2.0"),
    "no namespace": (lambda b: b.v1(b.unit("a"), namespace=""), "reads XLIFF 1.2 and 2.0"),
    "mixed versions": (lambda b: b.v1(b.unit("a"), namespace=V2), "reads XLIFF 1.2 and 2.0"),
    "no units": (lambda b: b.v1(), "no text to translate"),
    "other source language": (lambda b: b.v1(b.unit("a"), source="de"), "source language"),
    "unknown language": (lambda b: b.v1(b.unit("a"), target="tlh"), "isn’t translated into"),
    "into the source": (lambda b: b.v1(b.unit("a"), target="en"), "isn’t translated into"),
    "no language": (lambda b: b.v1(b.unit("a"), target=""), "into which language"),
    "two languages": (lambda b: two_languages(b), "more than one language"),
    # One unit of it.
    "twice the same": (lambda b: b.v1(b.unit("a"), b.unit("b")), "more than once"),
    "no identifier": (lambda b: b.bad("a", name="x"), "isn’t one of this site’s"),
    "path for an identifier": (lambda b: b.bad("a", name="../../../etc"), "no records of the kind"),
    "record that isn't there": (
        lambda b: b.bad("a", name="pages.aboutpage:999/title/-/0"),
        "has no record",
    ),
    "huge number": (
        lambda b: b.bad("a", name=f"pages.aboutpage:{'9' * 60}/title/-/0"),
        "has no record",
    ),
    "words for a number": (lambda b: b.bad("a", name="pages.aboutpage:x/title/-/0"), "has no record"),
    "user": (lambda b: b.bad("a", name="accounts.user:1/password/-/0"), "aren’t translated"),
    "permission": (lambda b: b.bad("a", name="auth.permission:1/name/-/0"), "aren’t translated"),
    "unknown kind": (lambda b: b.bad("a", name="pages.nothing:1/title/-/0"), "no records of the kind"),
    "field that isn't there": (lambda b: b.bad("a", name=f"{b.title.record}/nothing/-/0"), "no field"),
    "shared field": (lambda b: b.bad("a", name=f"{b.title.record}/slug/-/0"), "isn’t translated"),
    "column of a language": (lambda b: b.bad("a", name=f"{b.title.record}/title_ru/-/0"), "isn’t translated"),
    "state": (
        lambda b: b.bad("a", name=f"{b.title.record}/translation_status/-/0"),
        "isn’t translated",
    ),
    "text that is gone": (
        lambda b: b.bad("a", name=f"{b.title.record}/body/gone/0"),
        "no longer in the",
    ),
    "child without its page": (
        lambda b: b.v1(b.unit("a", name="pages.foundingfact:1/term/-/0"), original="pages.foundingfact:1"),
        "to which page",
    ),
    "child of another page": (
        lambda b: b.v1(b.unit("a", name="pages.foundingfact:1/term/-/0"), original=b.other),
        "belongs to another record",
    ),
    "unknown mark": (lambda b: b.bad('<g id="77">a</g>', b.rich), "no mark <77>"),
    "mark that is no number": (lambda b: b.bad('<g id="b">a</g>', b.rich), "which the source hasn’t"),
    "mark twice": (lambda b: b.bad('<g id="1">a</g><g id="1">b</g>', b.rich), "stands twice"),
    "open mark": (lambda b: b.bad('<bx id="1"/>a', b.rich), "is not closed"),
    "closed before it opens": (lambda b: b.bad('a<ex id="1"/>', b.rich), "closes nothing"),
    "crossed marks": (
        lambda b: b.bad('<bx id="1"/>a<bx id="2"/>b<ex id="1"/>c<ex id="2"/>', b.rich),
        "closes nothing",
    ),
    "pair for one that stands alone": (
        lambda b: b.bad(f'<g id="{alone(b.rich)}">a</g>', b.rich),
        "must be written so",
    ),
    "mark in plain text": (lambda b: b.bad('<g id="1">a</g>'), "plain text alone"),
    "element of HTML": (lambda b: b.bad('<b xmlns="http://www.w3.org/1999/xhtml">a</b>', b.rich), "foreign"),
    "unknown element": (lambda b: b.bad("<script>alert(1)</script>", b.rich), "isn’t read here"),
    "sub-flow": (
        lambda b: b.bad('<ph id="1"><sub>a</sub></ph>x<it id="2" pos="open"/>', b.rich),
        "isn’t read",
    ),
    "escaped markup": (lambda b: b.bad("&lt;b&gt;a&lt;/b&gt;", b.rich), "holds “<b>”"),
    "escaped script": (lambda b: b.bad("&lt;script src=x&gt;"), "holds “<script"),
    "escaped twice": (lambda b: b.bad("R&amp;amp;D", b.rich), "holds “&amp;”"),
    "too long": (lambda b: b.bad("a" * 256), "at most 255"),
    "line break in a title": (lambda b: b.bad("a\nb"), "line break"),
    "direction turned": (lambda b: b.bad("a\u202eb"), "U+202A"),
    "isolate left open": (lambda b: b.bad("a\u2067b"), "doesn’t close"),
    "control of C1": (lambda b: b.bad("a\x85\x90b"), "control character"),
    "never a character": (lambda b: b.bad("a\ufdd0\U0001fffe"), "control character"),
    "source without a digest": (
        lambda b: b.v1(b.unit("a").replace("<source>", "<x>").replace("</source>", "</x>")),
        "has no source",
    ),
    # XLIFF 2.0.
    "2.0: half of its sentences": (
        lambda b: b.v2(
            "<segment><source>a</source><target>b</target></segment><segment><source>c</source></segment>"
        ),
        "Only some of its sentences",
    ),
    "2.0: control character": (
        lambda b: b.v2('<segment><source>a</source><target>b<cp hex="0001"/></target></segment>'),
        "control character",
    ),
    "2.0: other order": (
        lambda b: b.v2(
            '<segment><source>a</source><target order="2">b</target></segment>'
            '<segment><source>c</source><target order="1">d</target></segment>'
        ),
        "another order",
    ),
    "2.0: no segment": (lambda b: b.v2("<ignorable><source>a</source></ignorable>"), "has no source"),
    # Workbooks.
    "broken zip": (lambda b: b.exported(Format.XLSX)[:3000], "isn’t a workbook"),
    "zip of something else": (
        lambda b: b.package(lambda parts: {"a.txt": b"a"}),
        "isn’t a workbook",
    ),
    "old Excel or a password": (
        lambda b: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "old Excel file",
    ),
    "zip bomb": (
        lambda b: b.package(lambda parts: parts | {"xl/media/a.png": b"\0" * 20_000_000}),
        "packed far tighter",
    ),
    "unpacked too large": (
        lambda b: b.package(
            lambda parts: parts | {f"xl/media/{n}.png": b"\0" * 30_000_000 for n in range(4)}
        ),
        "Unpacked",
    ),
    "too many parts": (
        lambda b: b.package(lambda parts: parts | {f"xl/media/{n}.png": b"" for n in range(400)}),
        "Unpacked",
    ),
    "path out of the zip": (
        lambda b: b.package(lambda parts: parts | {"../../evil.xml": b"<a/>"}),
        "leads out of it",
    ),
    "absolute path": (lambda b: b.package(lambda parts: parts | {"/etc/x": b""}), "leads out of it"),
    "two parts of one name": (
        lambda b: b.package(lambda parts: parts | {"XL/Workbook.xml": b"<a/>"}),
        "two parts of one name",
    ),
    "macros": (
        lambda b: b.package(lambda parts: parts | {"xl/vbaProject.bin": b"x"}),
        "macros",
    ),
    "macros by type": (
        lambda b: b.part(
            "[Content_Types].xml",
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        ),
        "macros",
    ),
    "external link": (
        lambda b: b.package(lambda parts: parts | {"xl/externalLinks/externalLink1.xml": b"<a/>"}),
        "links to other files",
    ),
    "external relation": (
        lambda b: b.part(
            "xl/_rels/workbook.xml.rels",
            b"<Relationship ",
            b'<Relationship Id="x" Type="http://x/externalLink" Target="http://x" TargetMode="External"/>'
            b"<Relationship ",
        ),
        "links to other files",
    ),
    "entity in a sheet": (
        lambda b: b.package(
            lambda parts: (
                parts
                | {
                    "xl/worksheets/sheet1.xml": b'<!DOCTYPE x [<!ENTITY a "b">]>'
                    + parts["xl/worksheets/sheet1.xml"]
                }
            )
        ),
        NO_TYPES,
    ),
    "sheet that isn't XML": (
        lambda b: b.package(lambda parts: parts | {"xl/worksheets/sheet1.xml": b"<a>"}),
        "isn’t well-formed XML",
    ),
    "formula": (lambda b: b.cell("=HYPERLINK(A1)"), "The cell D3 holds a formula"),
    "date": (lambda b: b.cell(date(2026, 1, 1)), "a date, a formula"),
    "truth": (lambda b: b.cell(True), "a date, a formula"),
    "sheet of one's own": (
        lambda b: b.sheet(lambda book: book.remove(book["about"])),
        "wasn’t exported from the site",
    ),
    "column gone": (
        lambda b: b.sheet(lambda book: book.worksheets[0].delete_cols(1)),
        "The column “id” is gone",
    ),
    "markup in a cell": (lambda b: b.cell("<b>Le Centre</b>"), "holds “<b>”"),
    "mark in a cell of plain text": (lambda b: b.cell("a" * 300), "at most 255"),
}


def two_languages(broken):
    first, second = broken.v1(broken.unit("a")), broken.v1(broken.unit("b"), target="ru")
    inside = second[second.index(b"<file") : second.index(b"</xliff>")]
    return first.replace(b"</xliff>", inside + b"</xliff>")


def alone(segment) -> int:
    return next(code.number for code in segment.codes if code.is_alone)


@pytest.fixture
def broken(about, page, exported, french):
    about.body_en = json.dumps(
        [
            {
                "type": "text",
                "id": "22222222-2222-4222-8222-222222222222",
                "value": '<p data-block-key="aa">A <b>bold</b>, <i>slanted</i> word<br/>and a line.</p>',
            },
            {
                "type": "quote",
                "id": "33333333-3333-4333-8333-333333333333",
                "value": {"text": "Two\nlines", "attribution": "Somebody"},
            },
        ]
    )
    about.save_revision().publish()
    other = record_key(page("about/mission/"))
    return Broken(exported, workflow.progress(about, french).segments, other)


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_refused_with_its_reason_and_nothing_is_written(name, broken, admin_client):
    build, reason = FILES[name]
    data = build(broken)
    before = database()
    said = send(admin_client, data)
    assert reason in said
    assert database() == before


def send(client, data) -> str:
    """Sends a file in, ticks all that can be ticked and confirms; what the site says of it."""
    address = reverse("translations:import")
    upload = io.BytesIO(data)
    upload.name = "file.xlf"
    response = client.post(address, {"file": upload})
    if response.status_code == 200:
        return text(response)
    plan = response.url
    response = client.get(plan)
    assert response.status_code == 200
    soup = BeautifulSoup(response.content.decode(), "html.parser")
    fingerprint = soup.find("input", {"name": "fingerprint"})["value"]
    stale = [box["value"] for box in soup.find_all("input", {"name": "stale"})]
    assert not stale
    assert client.post(plan, {"fingerprint": fingerprint, "stale": stale}).status_code == 302
    return text(response)


def text(response) -> str:
    return re.sub(r"\s+", " ", BeautifulSoup(response.content.decode(), "html.parser").get_text())


def test_at_least_forty_kinds_are_tried():
    assert len(FILES) >= 40


def test_more_units_than_the_limit_are_refused(broken, admin_client, monkeypatch):
    monkeypatch.setattr(units, "MAX_UNITS", 2)
    before = database()
    said = send(admin_client, broken.v1(*(broken.unit("a", name=f"x{number}") for number in range(3))))
    assert "more than 2 texts" in said
    assert database() == before
