"""Pictures come in three formats, in the sizes that a page needs, and are made before anybody asks."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.template.loader import render_to_string
from django.urls import reverse
from PIL import Image

from library.models import CustomImage
from library.pictures import SHAPES, lighter

ROOT = Path(__file__).resolve().parent.parent.parent
ARTICLE = "/en/news/netdragon-strategic-cooperation/"


@pytest.fixture
def image(db):
    return CustomImage.objects.get(title="converging-paths")


def shown(soup, image, shape, **options):
    """The picture element that the component makes."""
    html = render_to_string("components/picture.html", {"image": image, "shape": shape, **options})
    return soup(html).picture


@pytest.fixture
def soup():
    from bs4 import BeautifulSoup

    return lambda html: BeautifulSoup(html, "html.parser")


def candidates(element):
    """(address, width in the srcset) of each file that a <source> or <img> offers."""
    for candidate in (element.get("srcset") or element["src"]).split(", "):
        address, _blank, width = candidate.partition(" ")
        yield address, int(width.removesuffix("w")) if width else None


def opened(address) -> Image.Image:
    return Image.open(settings.MEDIA_ROOT / Path(address.removeprefix(settings.MEDIA_URL)))


def uploaded(width, height, name="picture.png", format_name="PNG", colours=("navy", "orange")):
    """A picture whose right half has another colour."""
    file, picture = BytesIO(), Image.new("RGB", (width, height), colours[0])
    picture.paste(colours[1], (width // 2, 0, width, height))
    picture.save(file, format_name)
    return SimpleUploadedFile(name, file.getvalue(), f"image/{format_name.lower()}")


@pytest.mark.parametrize("shape", SHAPES)
def test_each_format_can_be_read_and_has_the_size_that_it_promises(image, soup, shape):
    picture = shown(soup, image, shape)
    elements = [*picture.find_all("source"), picture.img]
    assert [source["type"] for source in picture.find_all("source")] == ["image/avif", "image/webp"]
    for element, format_name in zip(elements, ("AVIF", "WEBP", "JPEG"), strict=True):
        widths = [width for _address, width in candidates(element)]
        assert len(set(widths)) == len(widths) > 1
        assert element["sizes"]
        for address, width in candidates(element):
            file = opened(address)
            file.load()
            assert (file.format, file.width) == (format_name, width)
    assert opened(picture.img["src"]).size == (int(picture.img["width"]), int(picture.img["height"]))


def test_a_picture_loads_late_unless_it_is_what_readers_wait_for(image, soup):
    later, first = shown(soup, image, "wide").img, shown(soup, image, "whole", loading="eager").img
    assert (later["loading"], later.get("fetchpriority")) == ("lazy", None)
    assert (first["loading"], first["fetchpriority"]) == ("eager", "high")
    assert later["decoding"] == first["decoding"] == "async"
    assert later["alt"] == image.description_en
    assert shown(soup, image, "wide", decorative=True).img["alt"] == ""


def test_a_small_picture_is_made_no_larger_and_offers_no_choice(db, soup):
    small = CustomImage.objects.create(title="small", file=uploaded(100, 80))
    picture = shown(soup, small, "whole")
    assert (picture.img["width"], picture.img["height"]) == ("100", "80")
    assert not any(element.get("sizes") for element in picture.find_all(True))
    # A drawing may be transparent, which JPEG can't be.
    assert opened(picture.img["src"]).format == "PNG"


def test_a_cut_keeps_the_focal_point(db, soup):
    tall = CustomImage(title="tall", file=uploaded(400, 1200))
    tall.focal_point_x, tall.focal_point_y, tall.focal_point_width, tall.focal_point_height = (
        200,
        1100,
        50,
        50,
    )
    tall.save()
    band = Image.open(tall.file.path).convert("RGB")
    band.paste("red", (0, 1060, 400, 1140))
    band.save(tall.file.path)
    cut = opened(shown(soup, tall, "wide").img["src"]).convert("RGB")
    assert (cut.width, cut.height) == (400, 225)
    assert any(cut.getpixel((200, y))[0] > 200 and cut.getpixel((200, y))[2] < 60 for y in range(cut.height))


def test_all_files_of_an_upload_are_made_at_once_and_again_for_a_new_file(admin_client, soup):
    words = {"title": "New", "description_en": "Two colours"}
    admin_client.post(reverse("wagtailimages:add"), words | {"file": uploaded(1500, 1000)})
    image = CustomImage.objects.get(title="New")
    made = set(image.renditions.values_list("filter_spec", flat=True))
    for shape in SHAPES:
        shown(soup, image, shape)
    assert set(image.renditions.values_list("filter_spec", flat=True)) == made
    admin_client.post(
        reverse("wagtailimages:edit", args=[image.pk]), words | {"tags": "", "file": uploaded(1500, 900)}
    )
    assert image.renditions.count() == len(made)
    heights = image.renditions.filter(filter_spec__startswith="width-480").values_list("height", flat=True)
    assert set(heights) == {288}


def test_the_starting_pictures_are_made_and_the_command_makes_what_is_missing(image, capsys):
    made = image.renditions.count()
    assert made > 15
    image.renditions.filter(filter_spec__contains="avif").delete()
    call_command("make_renditions")
    assert image.renditions.count() == made
    assert "files made" in capsys.readouterr().out
    call_command("make_renditions")
    assert capsys.readouterr().out == ""


def test_a_picture_whose_file_is_gone_spoils_neither_the_page_nor_the_command(client, image, capsys):
    image.renditions.all().delete()
    image.file.name = "original_images/gone.webp"
    CustomImage.objects.filter(pk=image.pk).update(file=image.file.name)
    assert client.get(ARTICLE).status_code == 200
    call_command("make_renditions")
    assert "gone.webp" in capsys.readouterr().err


# Low data ---------------------------------------------------------------------------------------------------


def test_readers_who_save_data_get_the_smallest_file_at_the_same_address(client, image, soup):
    page = client.get(ARTICLE)
    assert client.get(ARTICLE, headers={"Save-Data": "on"}).content == page.content
    assert "Save-Data" not in page.get("Vary", "")
    for shape, definition in SHAPES.items():
        for source in shown(soup, image, shape).find_all("source"):
            address, width = list(candidates(source))[-1]
            sizes = {}
            for header in ("", "off", "on"):
                response = client.get(address, headers={"Save-Data": header} if header else {})
                assert "Save-Data" in response["Vary"]
                assert response["Content-Type"] == source["type"]
                sizes[header] = Image.open(BytesIO(b"".join(response.streaming_content))).width
            assert sizes == {"": width, "off": width, "on": definition.widths[0]}


def test_a_file_without_a_smaller_one_comes_as_it_is_and_nothing_else_is_served(client, image):
    old = image.get_rendition("width-77|format-webp")
    response = client.get(old.url, headers={"Save-Data": "on"})
    assert Image.open(BytesIO(b"".join(response.streaming_content))).width == 77
    for path in ("images/1/none.width-960.format-webp.webp", "images/../secret", "documents/report.txt"):
        assert client.get(f"/media/{path}", headers={"Save-Data": "on"}).status_code == 404


def test_the_web_server_finds_the_same_smaller_file():
    """deploy/low-data.nginx.conf says in nginx's words what `lighter` does."""
    text = (ROOT / "deploy" / "low-data.nginx.conf").read_text()
    rules = re.findall(r'"~\^on (?P<pattern>[^"]+)"\s+(?P<result>\S+);', text)
    assert len(rules) == len(SHAPES)
    for shape in SHAPES.values():
        for width in shape.widths:
            path = f"/media/images/7/a.b.2e16d0ba.{shape.spec(width)}.format-avif.avif"
            found = [
                (match, result)
                for pattern, result in rules
                if (match := re.search(pattern.replace("(?<", "(?P<"), path))
            ]
            assert len(found) == (width != shape.widths[0])
            for match, result in found:
                assert result.replace("${stem}", match["stem"]).replace("$rest", match["rest"]) == lighter(
                    path
                )
