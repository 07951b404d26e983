"""Uploads are on a disk or in a store of the S3 kind, and no harm comes where either fails for a while."""

import errno
import time
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.test import override_settings
from django.urls import reverse
from PIL import Image

from caching import breaker, tags
from library import s3 as s3_module
from library.models import CustomDocument, CustomImage
from library.pictures import SHAPES, make_renditions, picture_of
from library.s3 import S3Store
from library.stores import DiskStore, StoreIsFull, StoreUnavailable
from monitoring.readiness import State, ask_storage
from tests.servers import S3Server

pytestmark = pytest.mark.xdist_group("stores")


def picture_file() -> ContentFile:
    file = BytesIO()
    Image.new("RGB", (1600, 900), "#00558c").save(file, "PNG")
    return ContentFile(file.getvalue(), "hall.png")


@pytest.fixture(scope="module")
def server():
    server = S3Server()
    server.start()
    server.make_bucket()
    yield server
    server.stop()


@pytest.fixture
def s3(server, settings, monkeypatch):
    """The uploads of the site in a bucket; its server can be paused and goes on at the end."""
    monkeypatch.setattr(breaker, "PAUSE", 0.2)
    with override_settings(
        STORAGES=settings.STORAGES
        | {
            "default": {
                "BACKEND": "library.s3.S3Store",
                "OPTIONS": server.options | {"timeout": 0.3},
            }
        }
    ):
        default_storage._wrapped = storages["default"]
        yield server
    server.go_on()
    default_storage._wrapped = storages["default"]


@pytest.fixture
def picture(s3, db):
    image = CustomImage.objects.create(title="A hall", file=picture_file())
    make_renditions(image)
    return image


def test_a_picture_in_a_bucket_is_shown_from_the_site_itself(picture, client):
    html = str(picture_of(picture, SHAPES["wide"]).__html__())
    assert "http" not in html
    address = picture.get_rendition("fill-320x180|format-webp").url
    assert address in html
    response = client.get(address)
    assert response["Content-Type"] == "image/webp"
    assert Image.open(BytesIO(b"".join(response.streaming_content))).size == (320, 180)
    again = client.get(address, headers={"If-Modified-Since": response["Last-Modified"]})
    assert again.status_code == 304


def test_a_reader_who_saves_data_gets_the_smallest_file_out_of_a_bucket(picture, client):
    address = picture.get_rendition("fill-1280x720|format-webp").url
    response = client.get(address, headers={"Save-Data": "on"})
    assert Image.open(BytesIO(b"".join(response.streaming_content))).size == (320, 180)
    assert client.get("/media/images/0/none.webp", headers={"Save-Data": "on"}).status_code == 404


def test_a_document_in_a_bucket_is_handed_out_by_the_site_which_asks_who_is_there(s3, db, client):
    document = CustomDocument.objects.create(title="Report", file=ContentFile(b"%PDF-1.7", "report.pdf"))
    response = client.get(document.url)
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == b"%PDF-1.7"
    assert client.get(f"/media/{document.file.name}").status_code == 404


def test_a_name_is_never_used_for_another_file(s3):
    first = default_storage.save("images/same.txt", ContentFile(b"first"))
    second = default_storage.save("images/same.txt", ContentFile(b"second"))
    assert first != second
    assert default_storage.open(first).read() == b"first"
    default_storage.delete(first)
    assert not default_storage.exists(first)
    with pytest.raises(FileNotFoundError):
        default_storage.open(first)
    with pytest.raises(FileNotFoundError):
        default_storage.size(first)


def test_while_a_bucket_is_away_nobody_waits_twice_and_it_is_found_back(picture, s3, client):
    address = picture.get_rendition("fill-320x180|format-webp").url
    client.raise_request_exception = False
    assert ask_storage() is State.OK
    s3.pause()
    response = client.get(address)
    assert (response.status_code, response["Cache-Control"]) == (503, "no-store")
    assert response["Retry-After"]
    # Without asking: it has just failed.
    began = time.monotonic()
    with pytest.raises(StoreUnavailable):
        default_storage.open("images/anything")
    assert time.monotonic() - began < 0.1
    s3.go_on()
    time.sleep(breaker.PAUSE)
    assert client.get(address).status_code == 200


def test_a_page_is_shown_without_the_files_that_a_lost_bucket_has_not_given_yet_and_not_kept_so(picture, s3):
    picture.renditions.filter(filter_spec__contains="avif").delete()
    picture = CustomImage.objects.get(pk=picture.pk)
    s3.pause()
    with tags.collecting() as collected:
        html = str(picture_of(picture, SHAPES["wide"]).__html__())
    assert "webp" in html
    assert "avif" not in html
    assert collected.is_makeshift
    s3.go_on()
    time.sleep(breaker.PAUSE)
    with tags.collecting() as collected:
        html = str(picture_of(picture, SHAPES["wide"]).__html__())
    assert "avif" in html
    assert not collected.is_makeshift


def test_a_store_that_keeps_two_waiting_keeps_no_more(s3, monkeypatch):
    monkeypatch.setattr(s3_module, "PATIENCE", 0.1)
    began = time.monotonic()
    with default_storage.asked(), default_storage.asked(), pytest.raises(StoreUnavailable):
        default_storage.exists("images/anything")
    assert time.monotonic() - began < 0.25
    assert not default_storage.exists("images/anything")


def test_whoever_watches_the_site_hears_of_a_bucket_that_is_not_there(s3):
    default_storage._wrapped = S3Store(**s3.options | {"bucket_name": "another"})
    with pytest.raises(StoreUnavailable):
        ask_storage()


@pytest.fixture
def full_disk(tmp_path, monkeypatch):
    """A folder on a disk that fills up in the middle of a file."""
    store = DiskStore(location=tmp_path)

    class Filling(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"the beginning"
            raise OSError(errno.ENOSPC, "No space left on device")

    return store, Filling


def test_a_file_that_finds_no_room_leaves_nothing_behind(full_disk, tmp_path):
    store, filling = full_disk
    with pytest.raises(StoreIsFull):
        store.save("images/large.txt", filling(b"the beginning and the rest"))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert store.open(store.save("images/large.txt", ContentFile(b"small"))).read() == b"small"


def test_a_file_that_was_there_before_stays_when_the_next_finds_no_room(full_disk):
    store, filling = full_disk
    store.save("images/a.txt", ContentFile(b"mine"))
    with pytest.raises(StoreIsFull):
        store._save("images/a.txt", filling(b"the beginning and the rest"))
    assert store.open("images/a.txt").read() == b"mine"


@pytest.mark.parametrize(
    ("failure", "sentence"), [(StoreIsFull, "no room left"), (StoreUnavailable, "answer")]
)
def test_staff_read_why_a_file_was_refused_and_nothing_is_changed(
    admin_client, monkeypatch, failure, sentence
):
    def refuse(self, name, content):
        raise failure

    monkeypatch.setattr(DiskStore, "_save", refuse)
    file = ContentFile(b"%PDF-1.7", "report.pdf")
    before = CustomDocument.objects.count()
    page = admin_client.post(reverse("wagtaildocs:add"), {"title": "Report", "file": file, "collection": 1})
    assert page.status_code == 503
    assert sentence in page.content.decode()
    several = admin_client.post(
        reverse("wagtaildocs:add_multiple"),
        {"title": "Report", "files[]": ContentFile(b"%PDF-1.7", "report.pdf"), "collection": 1},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )
    assert sentence in several.json()["error_message"]
    assert CustomDocument.objects.count() == before
