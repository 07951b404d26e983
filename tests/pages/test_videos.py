"""Videos of other sites: named before, loaded after."""

import pytest
from django.core.exceptions import ValidationError
from wagtail.rich_text import RichText

from pages.blocks import VideoBlock
from pages.videos import HOSTS, UnknownVideoError, video_at
from translations.languages import all_languages, column, get_language
from translations.segments import segments

ADDRESSES = {
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ": "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1",
    "https://m.youtube.com/watch?list=PL1&v=dQw4w9WgXcQ&t=3s": (
        "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1"
    ),
    "http://youtu.be/dQw4w9WgXcQ?si=abc": "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1",
    "https://www.youtube.com/shorts/dQw4w9WgXcQ": "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1",
    "https://vimeo.com/76979871": "https://player.vimeo.com/video/76979871?dnt=1&autoplay=1",
    "https://www.bilibili.com/video/BV1xx411c7mD/?p=1": (
        "https://player.bilibili.com/player.html?bvid=BV1xx411c7mD&autoplay=1&danmaku=0"
    ),
    "https://v.qq.com/x/cover/mzc00200abc/a0047abcdef.html": (
        "https://v.qq.com/txp/iframe/player.html?vid=a0047abcdef"
    ),
    "https://v.youku.com/v_show/id_XNDA4NTk4MA==.html": "https://player.youku.com/embed/XNDA4NTk4MA==",
}
REFUSED = (
    "https://example.org/watch?v=dQw4w9WgXcQ",
    "https://youtube.com.example.org/watch?v=dQw4w9WgXcQ",
    "https://example.org/https://www.youtube.com/watch?v=dQw4w9WgXcQ",
    "https://www.youtube.com@example.org/watch?v=dQw4w9WgXcQ",
    "https://www.youtube.com/channel/UC12345678901",
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ123",
    'https://v.qq.com/x/page/"onload="x.html',
    "https://vimeo.com/76979871/abcdef",
    "javascript:alert(1)",
    "",
)


def test_an_address_leads_to_the_player_and_back_to_the_page():
    for address, player in ADDRESSES.items():
        video = video_at(address)
        assert video.player == player
        assert video_at(video.page) == video
        assert video.host in video.page


def test_other_addresses_are_refused_with_one_sentence_that_names_the_hosts():
    for address in REFUSED:
        with pytest.raises(UnknownVideoError) as error:
            video_at(address)
        assert str(error.value).count(".")
        assert "bilibili.com" in str(error.value)


def test_only_the_hosts_of_the_settings_are_known(settings):
    settings.EMBED_HOSTS = ["https://player.vimeo.com"]
    assert [host.name for host in HOSTS if host.is_allowed] == ["vimeo.com"]
    with pytest.raises(UnknownVideoError, match=r"on vimeo\.com\."):
        video_at("https://youtu.be/dQw4w9WgXcQ")


def test_the_form_refuses_an_unknown_address_and_a_missing_transcript():
    block = VideoBlock()
    value = {
        "address": "https://example.org/1",
        "title": "A lecture",
        "transcript": RichText(""),
        "poster": None,
    }
    with pytest.raises(ValidationError) as error:
        block.clean(block.to_python({}) | value)
    assert error.value.block_errors.keys() == {"address", "transcript"}


@pytest.fixture
def video_page(page):
    """The page about privacy with two videos in its English, which all other languages fall back to."""
    privacy = page("privacy/")
    value = {
        "address": "https://www.bilibili.com/video/BV1xx411c7mD",
        "title": 'A lecture on "AI"',
        "poster": None,
        "transcript": RichText("<p>Good morning.</p>"),
    }
    for language in all_languages():
        setattr(privacy, column("body", language), None)
    privacy.body_en = [("video", value), ("video", value)]
    privacy.save_revision().publish()
    return privacy


def test_nothing_of_another_site_is_in_the_page_but_links(get, video_page, language):
    html = get(f"/{language}/privacy/")
    for element in html.find_all(["iframe", "img", "source", "script", "link", "object", "embed", "video"]):
        if element.name == "link" and element["rel"] != ["stylesheet"]:
            continue
        for name in ("src", "srcset", "href", "data", "poster"):
            assert not str(element.get(name) or "").startswith(("http:", "https:", "//"))
    figure = html.select_one("figure.video")
    assert figure.a["href"] == "https://www.bilibili.com/video/BV1xx411c7mD/"
    assert figure.get_text().count("bilibili.com") == 2
    button = figure.button
    assert button.has_attr("hidden")
    assert button["data-title"] == 'A lecture on "AI"'
    assert "Good morning." in figure.details.get_text()
    assert html.select_one('script[type="module"][src$="embed.js"]')


def test_pages_without_a_video_load_no_script(get):
    assert not get("/en/privacy/").select('script[src$="embed.js"]')


def test_title_and_transcript_are_translated_and_the_address_is_not(video_page):
    video_page.refresh_from_db()
    parts = [
        (segment.part.partition(".")[0], segment.source)
        for segment in segments(video_page, get_language("fr"))
        if segment.field == "body"
    ]
    assert parts == [("title", 'A lecture on "AI"'), ("transcript", "Good morning.")] * 2


def test_a_video_whose_host_is_no_longer_allowed_leaves_its_transcript(get, video_page, settings):
    settings.EMBED_HOSTS = []
    figure = get("/en/privacy/").select_one("figure.video")
    assert not figure.select("a, button")
    assert "Good morning." in figure.get_text()
