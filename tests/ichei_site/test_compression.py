"""Public pages travel compressed; what depends on a cookie does not."""

import gzip

import brotli
import pytest
from django.core.files.base import ContentFile
from django.http import FileResponse, HttpResponse, HttpResponseNotModified, StreamingHttpResponse

from ichei_site.compression import PublicCompressionMiddleware
from library.models import CustomDocument

WORDS = "Higher education for all. " * 50


@pytest.fixture
def send(rf):
    """What becomes of a view's answer for a browser that accepts these codings."""

    def answer(response, accepted="gzip, deflate, br, zstd"):
        request = rf.get("/en/", headers={"accept-encoding": accepted} if accepted else {})
        return PublicCompressionMiddleware(lambda request: response)(request)

    return answer


@pytest.mark.parametrize(
    ("accepted", "coding", "decode"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("BR;q=0.8, gzip;q=0.5", "br", brotli.decompress),
        ("gzip, deflate", "gzip", gzip.decompress),
        ("gzip, br;q=0", "gzip", gzip.decompress),
        ("br; q=0.000, gzip", "gzip", gzip.decompress),
        ("identity", None, bytes),
        ("", None, bytes),
    ],
)
def test_a_page_comes_in_the_coding_that_the_browser_accepts(client, db, accepted, coding, decode):
    plain = client.get("/fr/").content
    response = client.get("/fr/", headers={"accept-encoding": accepted})
    assert response.get("Content-Encoding") == coding
    assert decode(response.content) == plain
    assert response["Content-Length"] == str(len(response.content))
    assert "Accept-Encoding" in response["Vary"]
    assert "Cookie" not in response["Vary"]


def test_a_page_that_is_not_found_is_compressed_too(client, db):
    response = client.get("/ru/no-such-page/", headers={"accept-encoding": "br"})
    assert response.status_code == 404
    assert "<html" in brotli.decompress(response.content).decode()


def test_the_admin_is_not_compressed(admin_client):
    for url in ("/admin/", "/admin/pages/"):
        response = admin_client.get(url, headers={"accept-encoding": "gzip, br"})
        assert response.status_code == 200
        assert not response.has_header("Content-Encoding")


def test_the_sign_in_form_with_its_token_is_not_compressed(client, db):
    response = client.get("/admin/login/", headers={"accept-encoding": "gzip, br"})
    assert "csrfmiddlewaretoken" in response.content.decode()


def test_a_document_is_sent_as_it_lies_there(client, db):
    document = CustomDocument.objects.create(title="Table", file=ContentFile(WORDS.encode(), "table.txt"))
    plain = client.get(document.url)
    response = client.get(document.url, headers={"accept-encoding": "gzip, br"})
    assert response.headers == plain.headers
    assert response.getvalue() == WORDS.encode()


def with_cookie():
    response = HttpResponse(WORDS)
    response.set_cookie("a", "b")
    return response


@pytest.mark.parametrize(
    "answer",
    [
        lambda: HttpResponse(WORDS, headers={"Content-Encoding": "zstd"}),
        lambda: HttpResponse(WORDS, headers={"Vary": "Accept-Language, cookie"}),
        with_cookie,
        lambda: HttpResponse(WORDS, content_type="image/webp"),
        lambda: HttpResponse("Short"),
        lambda: HttpResponseNotModified(headers={"ETag": '"a"'}),
        lambda: StreamingHttpResponse(iter([WORDS])),
        lambda: FileResponse(iter([WORDS.encode()])),
    ],
    ids=["encoded", "varies", "cookie", "picture", "short", "not modified", "stream", "file"],
)
def test_what_must_not_change_is_left_alone(send, answer):
    plain, response = answer(), send(answer())
    assert response.headers == plain.headers
    assert b"".join(response) == b"".join(plain)


@pytest.mark.parametrize("accepted", ["br", "gzip"])
def test_a_strong_mark_of_the_page_turns_weak(send, accepted):
    assert send(HttpResponse(WORDS, headers={"ETag": '"a"'}), accepted)["ETag"] == 'W/"a"'
    assert send(HttpResponse(WORDS, headers={"ETag": 'W/"a"'}), accepted)["ETag"] == 'W/"a"'


def test_a_mark_of_the_page_stays_strong_where_nothing_is_compressed(send):
    response = send(HttpResponse(WORDS, headers={"ETag": '"a"'}), "identity")
    assert response["ETag"] == '"a"'
    assert response["Vary"] == "Accept-Encoding"
