"""Error pages that need nothing but this process: no database, no session, no other template.

The same pages are written into files (`manage.py make_error_pages`), so that a proxy can answer with them
while the application is down.
"""

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.template import Context, Engine
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from translations.languages import Language, all_languages

# {status: (title, text)}
WORDS: dict[int, tuple[Promise, Promise]] = {
    400: (
        _("This request can't be answered"),
        _("Something in it is not as it should be. Please check the address, or start from the home page."),
    ),
    500: (
        _("Something went wrong"),
        _("This page can't be shown at the moment. Please try again in a few minutes."),
    ),
    503: (
        _("This website is not available at the moment"),
        _("It is being updated, or very many people are visiting it. Please try again in a few minutes."),
    ),
}
# What a proxy may have to say without the application.
STATIC = (500, 503)
RETRY_AFTER_SECONDS = 120

TEMPLATES = settings.BASE_DIR / "templates" / "errors"
STYLESHEET = settings.BASE_DIR / "static" / "css" / "standalone.css"


@cache
def stylesheet() -> str:
    """The style that stands in each page, without comments and needless spaces."""
    text = re.sub(r"/\*.*?\*/", "", STYLESHEET.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", text)).strip()


@cache
def content_security_policy() -> str:
    """Nothing but the page's own style: https://www.w3.org/TR/CSP3/#hash-source."""
    digest = b64encode(hashlib.sha256(stylesheet().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@cache
def engine() -> Engine:
    """Not the site's own: that one may be what failed."""
    return Engine(dirs=[TEMPLATES], debug=False)


def home_address(language: Language) -> str:
    with translation.override(language.code):
        return reverse("wagtail_serve", args=[""])


@dataclass(frozen=True)
class Section:
    """What an error page says in one language."""

    language: Language
    title: str
    text: str
    home: str
    # That of the home page.
    address: str

    @classmethod
    def of(cls, status: int, language: Language) -> "Section":
        with translation.override(language.code):
            title, text = map(str, WORDS[status])
            return cls(language, title, text, gettext("Go to the home page"), home_address(language))


@cache
def error_page(status: int, language: Language | None = None) -> str:
    """The page for a status in a language; without one, in all languages, one below the other."""
    sections = [Section.of(status, each) for each in ([language] if language else all_languages())]
    return render("standalone.html", {"sections": sections, "language": language})


def render(name: str, values: dict) -> str:
    html = engine().get_template(name).render(Context(values | {"style": stylesheet()}))
    # Indentation is for those who write the template.
    return re.sub(r"\s*\n\s*", "\n", html).strip() + "\n"


def choice_of_language(query: str) -> str:
    """All languages with their home pages, whose addresses keep the query of "/"."""
    choices = [(language, home_address(language) + query) for language in all_languages()]
    return render("languages.html", {"choices": choices})


def file_name(status: int, language: Language | None = None) -> str:
    """ "503.fr.html"; "503.html" for the page in all languages."""
    return f"{status}.{language.code}.html" if language else f"{status}.html"


def static_pages() -> dict[str, str]:
    """{file name: page} of everything that a proxy needs."""
    pages = {}
    for status in STATIC:
        for language in (None, *all_languages()):
            pages[file_name(status, language)] = error_page(status, language)
    return pages
