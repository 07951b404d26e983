"""Videos that live elsewhere: from the address of a video's page to that of its player.

Nothing is asked of a host here: all that is needed stands in the address.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _


class UnknownVideoError(ValueError):
    """An address that leads to no video that we know; its text is one sentence that says what to do."""


@dataclass(frozen=True)
class VideoHost:
    """A site with videos. `page` and `player` are addresses with a gap for the video's own name."""

    name: str
    address: re.Pattern
    page: str
    player: str

    @property
    def is_allowed(self) -> bool:
        parts = urlsplit(self.player)
        return f"{parts.scheme}://{parts.netloc}" in settings.EMBED_HOSTS


@dataclass(frozen=True)
class Video:
    """Where a video is to be seen: on the page of its host, or in a player within ours."""

    host: str
    page: str
    player: str


END = r"(?=[/?#&]|$)"
HOSTS = (
    VideoHost(
        "youtube.com",
        re.compile(
            r"(?:(?:m\.)?youtube(?:-nocookie)?\.com/(?:watch\?(?:[^#]*&)?v=|shorts/|live/|embed/)|youtu\.be/)"
            rf"(?P<id>[\w-]{{11}}){END}",
            re.ASCII,
        ),
        "https://www.youtube.com/watch?v={id}",
        # The address that sets no cookie before the video plays.
        "https://www.youtube-nocookie.com/embed/{id}?autoplay=1",
    ),
    VideoHost(
        "vimeo.com",
        re.compile(r"(?:player\.)?vimeo\.com/(?:video/|channels/[\w-]+/)?(?P<id>\d+)/?(?=[?#]|$)", re.ASCII),
        "https://vimeo.com/{id}",
        "https://player.vimeo.com/video/{id}?dnt=1&autoplay=1",
    ),
    VideoHost(
        "bilibili.com",
        re.compile(rf"(?:m\.)?bilibili\.com/video/(?P<id>BV[0-9A-Za-z]{{10}}){END}"),
        "https://www.bilibili.com/video/{id}/",
        "https://player.bilibili.com/player.html?bvid={id}&autoplay=1&danmaku=0",
    ),
    VideoHost(
        "v.qq.com",
        re.compile(r"v\.qq\.com/x/(?:page|cover/\w+)/(?P<id>\w+)\.html", re.ASCII),
        "https://v.qq.com/x/page/{id}.html",
        "https://v.qq.com/txp/iframe/player.html?vid={id}",
    ),
    VideoHost(
        "youku.com",
        re.compile(r"v\.youku\.com/v_show/id_(?P<id>\w+={0,2})(?:\.html)?", re.ASCII),
        "https://v.youku.com/v_show/id_{id}.html",
        "https://player.youku.com/embed/{id}",
    ),
)


def video_at(address: str) -> Video:
    """The video whose page has this address; raises `UnknownVideoError`."""
    place = re.sub(r"\Ahttps?://(?:www\.)?", "", address.strip())
    allowed = [host for host in HOSTS if host.is_allowed]
    for host in allowed:
        if found := host.address.match(place):
            return Video(host.name, host.page.format(id=found["id"]), host.player.format(id=found["id"]))
    raise UnknownVideoError(
        _("This is no video that can be shown here: paste the address of its page on %(hosts)s.")
        % {"hosts": ", ".join(host.name for host in allowed)}
    )
