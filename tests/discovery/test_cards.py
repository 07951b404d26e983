"""The pictures of shared links: drawn once for each page and language, and right in each script."""

from io import BytesIO

import pytest
from django.core.files.storage import FileSystemStorage
from django.utils import translation
from PIL import Image, ImageChops, ImageDraw, ImageFont

from discovery import drawing, lines
from discovery.cards import card_of
from discovery.drawing import Card, Pen, draw
from tests.discovery.reading import meta, path_of
from tests.translating import approve
from translations.languages import all_languages, get_language

LONG = {
    "ar": "المركز الدولي للابتكار في التعليم العالي تحت رعاية اليونسكو (UNESCO-ICHEI) يطلق برنامجاً جديداً. "
    * 4,
    "zh-hans": "联合国教科文组织高等教育创新中心（中国深圳）发布“数字化转型”新计划，" * 6,
    "en": "UNESCO-ICHEI launches a programme for the digital transformation of universities. " * 4,
    "fr": "L’UNESCO-ICHEI lance un programme de transformation numérique des universités. " * 4,
    "ru": "ЮНЕСКО-ICHEI начинает программу цифровой трансформации высших учебных заведений. " * 4,
    "es": "El UNESCO-ICHEI pone en marcha un programa de transformación digital. " * 4,
}


@pytest.fixture(autouse=True)
def storage(monkeypatch, tmp_path):
    """A card outlives a rolled-back transaction."""
    storage = FileSystemStorage(tmp_path)
    monkeypatch.setattr("discovery.cards.default_storage", storage)
    return storage


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    assert (image.format, image.size) == ("PNG", (1200, 630))
    # Half of what the strictest reader of Open Graph takes.
    assert len(data) < 120_000
    return image.convert("RGB")


def line(pen: Pen, text: str) -> Image.Image:
    """A line as the pen draws it, cropped to its ink."""
    image = Image.new("L", drawing.SIZE)
    pen.draw(ImageDraw.Draw(image), 100, 300, text, 255)
    return image.crop(image.getbbox())


def test_each_page_has_a_card_in_each_language(client, read):
    seen = set()
    for language in all_languages():
        for path in ("", "about/mission/", "news/netdragon-strategic-cooperation/"):
            html = read(f"/{language.code}/{path}")
            assert (meta(html, "og:image:width"), meta(html, "og:image:height")) == ("1200", "630")
            assert meta(html, "twitter:card") == "summary_large_image"
            assert meta(html, "og:image:alt")
            url = path_of(meta(html, "og:image"))
            assert url.startswith(f"/{language.code}/card/")
            seen.add(url)
            if path == "about/mission/":
                response = client.get(url)
                assert response["Content-Type"] == "image/png"
                assert response["Cache-Control"] == "public, max-age=31536000, immutable"
                assert not response.cookies
                opened(response.content)
    assert len(seen) == 18


@pytest.mark.django_db
def test_a_card_is_drawn_once_and_anew_when_its_words_change(client, get, page, monkeypatch, storage):
    drawn = []
    monkeypatch.setattr("discovery.cards.draw", lambda card: drawn.append(card) or draw(card))
    mission = page("about/mission/")
    first = path_of(meta(get("/fr/about/mission/"), "og:image"))
    assert client.get(first).content == client.get(first).content
    assert len(drawn) == 1
    with translation.override("en"):
        mission.title_fr = "Notre mission"
        mission.save_revision().publish()
    second = path_of(meta(get("/fr/about/mission/"), "og:image"))
    assert second != first
    # Where an older address was shared, it leads to the card of today.
    response = client.get(first)
    assert (response.status_code, response["Location"]) == (302, second)
    assert client.get(second).status_code == 200
    assert drawn[1].title == "Notre mission"
    _folders, files = storage.listdir(f"cards/{mission.pk}")
    assert files == [second.replace(f"/fr/card/{mission.pk}-", "fr-")]
    page("about/mission/").delete()
    assert storage.listdir(f"cards/{mission.pk}")[1] == []
    assert client.get(second).status_code == 404


@pytest.mark.django_db
def test_there_is_a_card_only_where_a_page_is_public(client, page, settings, rf):
    mission = page("about/mission/")
    request = rf.get("/fr/")
    version = card_of(mission, get_language("fr"), request).version
    url = f"/fr/card/{mission.pk}-{version}.png"
    assert client.get(url).status_code == 200
    settings.SHOW_UNREVIEWED_TRANSLATIONS = False
    assert client.get(url).status_code == 404
    approve(mission, "fr")
    # The page above it is still English for its readers.
    assert client.get(url, follow=True).status_code == 200
    for other in (
        f"/fr/card/9999-{version}.png",
        f"/fr/card/{mission.pk}-short.png",
        f"/card/{mission.pk}-{version}.png",
    ):
        assert client.get(other).status_code == 404


def test_arabic_letters_are_joined_and_run_from_right_to_left():
    arabic = get_language("ar")
    assert drawing.can_draw(arabic)
    pen = Pen(arabic, 60)
    shaped = line(pen, "سلام")
    plain = ImageFont.truetype(drawing.FONTS / "NotoSans-Bold.ttf", 60, layout_engine=ImageFont.Layout.BASIC)
    unshaped = Image.new("L", drawing.SIZE)
    ImageDraw.Draw(unshaped).text((100, 300), "سلام", 255, plain, anchor="ls")
    unshaped = unshaped.crop(unshaped.getbbox())
    # Letters that stand alone take far more room.
    assert shaped.width < 0.85 * unshaped.width
    assert pen.width("سلام") < sum(pen.width(letter) for letter in "سلام")
    # What is read last stands at the left; a number in it keeps its own direction.
    both, year = line(pen, "سلام 2025"), line(pen, "2025")
    left = both.crop((0, 0, year.width, both.height))
    assert ImageChops.difference(left.crop(left.getbbox()), year).getbbox() is None
    # And the line begins at the right margin.
    image = Image.new("L", drawing.SIZE)
    pen.draw(ImageDraw.Draw(image), 100, 300, "سلام", 255)
    assert abs(image.getbbox()[2] - (drawing.WIDTH - 100)) < 8


def test_no_title_is_too_long_for_a_card():
    for language in all_languages():
        # The rest depends on no language, but on the direction.
        others = ("W" * 300, "I", "") if language.code in {"ar", "en"} else ()
        for title in (LONG[language.code], *others):
            card = Card(language.code, title.strip(), "Section", "12.6.2025", "Centre " * 30)
            image = opened(draw(card))
            # Nothing but the ground within the margins.
            ground = drawing.ground(language.direction)
            ink = (
                ImageChops.difference(image, ground)
                .convert("L")
                .point(lambda value: 255 if value > 60 else 0)
            )
            box = ink.getbbox()
            assert box[0] >= drawing.MARGIN - 8, (language.code, title[:10], box)
            assert box[2] <= drawing.WIDTH - drawing.MARGIN + 8, (language.code, title[:10], box)
            assert box[1] >= 60
            assert box[3] <= drawing.HEIGHT - 50


def test_chinese_lines_neither_begin_nor_end_with_the_wrong_mark():
    pen = Pen(get_language("zh-hans"), 64)
    for text in (LONG["zh-hans"], "“数字化”转型（试点）：NetDragon与中心、大学、企业共建《新蓝图》！"):
        for width in range(400, 960, 70):
            found = lines.balanced(text, width, pen.width)
            assert "".join(found).replace(" ", "") == text.replace(" ", "")
            for each in found:
                assert pen.width(each) <= width
            assert not any(each[0] in lines.NO_LINE_BEGINS_WITH for each in found[1:])
            assert not any(each[-1] in lines.NO_LINE_ENDS_WITH for each in found[:-1])
    assert "NetDragon" in lines.pieces("网龙NetDragon公司")


def test_lines_are_as_few_and_as_even_as_can_be():
    words = "one two three four five six seven eight nine ten"
    found = lines.balanced(words, 26, len)
    assert " ".join(found) == words
    assert len(found) == len(lines.fill(lines.pieces(words), 26, len)) == 2
    assert abs(len(found[0]) - len(found[1])) <= 8
    assert lines.shortened(["aaaa", "bbbb", "cccc"], 2, 4, len) == ["aaaa", "bbb…"]


def test_a_character_of_another_script_is_drawn_by_the_other_font_or_written_in_latin_letters():
    english, arabic, chinese = (Pen(get_language(code), 40) for code in ("en", "ar", "zh-hans"))
    assert [text for _face, text in english.runs("Shenzhen 深圳 is")] == ["Shenzhen ", "深圳", " is"]
    assert [text for _face, text in arabic.runs("مدينة 深圳")] == ["مدينة ShenZhen"]
    assert [text for _face, text in chinese.runs("中心 UNESCO-ICHEI")] == ["中心 UNESCO-ICHEI"]
    assert "☃" not in "".join(text for _face, text in english.runs("☃ 한국"))
    for language in all_languages():
        sample = Pen(language, 40)
        assert len(sample.runs(LONG[language.code])) == 1, language.code


def test_a_machine_that_cannot_shape_arabic_shares_it_without_a_picture(get, client, db, monkeypatch):
    from discovery.checks import can_draw_every_language

    assert can_draw_every_language(None) == []
    url = path_of(meta(get("/ar/"), "og:image"))
    monkeypatch.setattr("discovery.drawing.features.check", lambda name: name != "fribidi")
    assert meta(get("/ar/"), "og:image") is None
    assert meta(get("/ru/"), "og:image")
    assert client.get(url).status_code == 404
    (complaint,) = can_draw_every_language(None)
    assert "العربية" in complaint.msg
