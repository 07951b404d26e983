"""Machine translation: off unless the site names a service, always a draft, never over other words."""

import html
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, NavigableString, Tag
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from . import workflow
from .languages import Language, source_language
from .rights import can_translate, require
from .segments import Segment, SegmentError, escape, markup_of, segments, tokens
from .states import Origin


class MachineTranslationError(Exception):
    """The service can't be asked or answers nonsense; its text is one sentence for the person who asked."""


class MachineTranslator(Protocol):
    def translate(self, texts: Sequence[str], source: Language, target: Language) -> list[str]:
        """The translations of pieces of HTML, one for each, in their order.

        Raises `MachineTranslationError`.
        """


def is_available() -> bool:
    return bool(settings.MACHINE_TRANSLATION)


def machine_translator() -> MachineTranslator:
    """The service in `settings.MACHINE_TRANSLATION`; raises `MachineTranslationError` if there is none."""
    if not is_available():
        raise MachineTranslationError(_("This site has no machine translation."))
    options = dict(settings.MACHINE_TRANSLATION)
    return import_string(options.pop("backend"))(**options)


# A client for LibreTranslate --------------------------------------------------------------------------------


class LibreTranslate:
    """Speaks the HTTP interface of LibreTranslate (POST /translate), which other services offer too."""

    # How much goes into one request, in texts and in characters.
    MOST_TEXTS = 50
    MOST_CHARACTERS = 20_000
    # A translation is never a hundred times as long as its source: a longer reply is not read to its end.
    LARGEST_REPLY = 4_000_000
    # The names that a service may have for a language, the best first.
    CODES = {"zh-hans": ("zh-Hans", "zh")}

    def __init__(self, url: str, api_key: str = "", timeout: float = 20):
        self.url = service_address(url)
        self.api_key = api_key
        self.timeout = timeout
        # Neither files nor other protocols, and no other address than the one that was configured.
        self._opener = urllib.request.OpenerDirector()
        handlers = [
            urllib.request.HTTPHandler(),
            urllib.request.HTTPSHandler(),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPErrorProcessor(),
            _NoRedirects(),
        ]
        if not is_loopback(urlsplit(self.url).hostname):
            handlers.append(urllib.request.ProxyHandler())
        for handler in handlers:
            self._opener.add_handler(handler)

    def translate(self, texts: Sequence[str], source: Language, target: Language) -> list[str]:
        found = []
        for batch in batches(texts, self.MOST_TEXTS, self.MOST_CHARACTERS):
            found += self._translate_batch(batch, source, target)
        return found

    def _translate_batch(self, texts: list[str], source: Language, target: Language) -> list[str]:
        codes = self.CODES.get(target.code, (target.code,))
        for number, code in enumerate(codes, start=1):
            question = {"q": texts, "source": source.code, "target": code, "format": "html"}
            try:
                return self._answer(question)
            except UnknownLanguageError:
                if number == len(codes):
                    raise MachineTranslationError(
                        _("The translation service doesn’t know %(language)s.") % {"language": target}
                    ) from None
        raise AssertionError("every language has a code")

    def _answer(self, question: dict) -> list[str]:
        reply = self._post(question | ({"api_key": self.api_key} if self.api_key else {}))
        try:
            translated = json.loads(reply)["translatedText"]
        except (ValueError, KeyError, TypeError, RecursionError):
            translated = None
        if isinstance(translated, str):
            translated = [translated]
        if not isinstance(translated, list) or not all(isinstance(text, str) for text in translated):
            raise MachineTranslationError(_("The translation service gave an answer that can’t be read."))
        if len(translated) != len(question["q"]):
            raise MachineTranslationError(_("The translation service left out some of the texts."))
        return translated

    def _post(self, question: dict) -> bytes:
        request = urllib.request.Request(  # noqa: S310 – the address was checked when it was configured
            f"{self.url}/translate",
            data=json.dumps(question).encode(),
            headers={"Content-Type": "application/json", "Accept": "application/json"},
            method="POST",
        )
        deadline = time.monotonic() + self.timeout
        try:
            with self._opener.open(request, timeout=self.timeout) as response:
                return self._read(response, deadline)
        except urllib.error.HTTPError as error:
            with error:
                raise self._refusal(error, deadline) from error
        except TimeoutError as error:
            raise too_slow() from error
        except (OSError, HTTPException) as error:
            if isinstance(getattr(error, "reason", None), TimeoutError):
                raise too_slow() from error
            raise MachineTranslationError(_("The translation service can’t be reached.")) from error

    def _read(self, response, deadline: float) -> bytes:
        """The reply, unless it is too long or too slow: the timeout of a socket is for each piece."""
        parts, length = [], 0
        while part := response.read1(65_536):
            parts.append(part)
            length += len(part)
            if length > self.LARGEST_REPLY:
                raise MachineTranslationError(_("The answer of the translation service is too long."))
            if time.monotonic() > deadline:
                raise too_slow()
        return b"".join(parts)

    def _refusal(self, error: urllib.error.HTTPError, deadline: float) -> Exception:
        """What a status means that isn't 200. The service's own words stay out of the sentence."""
        if error.code == 400 and self._names_a_language(error, deadline):
            return UnknownLanguageError()
        if 300 <= error.code < 400:
            sentence = _(
                "The translation service sends on to another address, which the site doesn’t follow."
            )
        elif error.code in {401, 403}:
            sentence = _("The translation service refuses the site’s key.")
        elif error.code == 429:
            sentence = _("The translation service has too many questions at the moment; try again later.")
        else:
            sentence = _("The translation service answers with an error (%(status)s).") % {
                "status": error.code
            }
        return MachineTranslationError(sentence)

    def _names_a_language(self, error: urllib.error.HTTPError, deadline: float) -> bool:
        """LibreTranslate: {"error": "zh-Hans is not supported"}, with the status 400."""
        try:
            return "not supported" in str(json.loads(self._read(error, deadline)).get("error", ""))
        except (ValueError, AttributeError, OSError, HTTPException):
            return False


class UnknownLanguageError(Exception):
    pass


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the key and the texts to an address that nobody has chosen."""

    def redirect_request(self, *args, **kwargs):
        return None


def too_slow() -> MachineTranslationError:
    return MachineTranslationError(_("The translation service takes too long to answer."))


def service_address(url: str) -> str:
    """The address without its last slash; raises `ImproperlyConfigured` unless texts are safe on the way."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname)):
        raise ImproperlyConfigured(
            "The address of the translation service must begin with https:// (http:// on this machine alone)."
        )
    if not parts.hostname or parts.username or parts.query or parts.fragment:
        raise ImproperlyConfigured("The address of the translation service must be a host and a path alone.")
    return url.rstrip("/")


def is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False


def batches(texts: Iterable[str], most: int, characters: int) -> Iterator[list[str]]:
    """Texts in their order, in lists that are short enough for one request; a text is never cut."""
    batch, length = [], 0
    for text in texts:
        if batch and (len(batch) == most or length + len(text) > characters):
            yield batch
            batch, length = [], 0
        batch.append(text)
        length += len(text)
    if batch:
        yield batch


# Segments as HTML, and back ---------------------------------------------------------------------------------


def to_html(segment: Segment) -> str:
    """A segment's source for a service that keeps tags: its codes are spans with their numbers."""
    if not segment.is_rich:
        return html.escape(segment.source, quote=False)
    parts = []
    for token in tokens(segment.source):
        match token:
            case str():
                parts.append(html.escape(token, quote=False))
            case "open", number:
                parts.append(f'<span data-code="{number}">')
            case "close", _number:
                parts.append("</span>")
            case _, number:
                parts.append(f'<span data-code="{number}"></span>')
    return "".join(parts)


def from_html(segment: Segment, reply: str) -> str:
    """A service's reply as a text for the segment; raises `SegmentError` if it isn't the same marks."""
    soup = BeautifulSoup(reply, "html.parser")
    if not segment.is_rich:
        if soup.find() is not None:
            raise SegmentError(_("The machine put marks into a text that has none."))
        text = soup.get_text().strip()
    else:
        text = "".join(_with_codes(soup, {code.number: code for code in segment.codes})).strip()
    if not text:
        raise SegmentError(_("The machine gave no translation."))
    markup_of(segment, text)
    used = {token[1] for token in tokens(text) if not isinstance(token, str)} if segment.is_rich else set()
    if used != {code.number for code in segment.codes}:
        raise SegmentError(_("The machine lost some of the marks."))
    return text


def _with_codes(parent: Tag, codes: Mapping) -> Iterator[str]:
    for node in parent.children:
        if type(node) is NavigableString:
            yield escape(str(node))
            continue
        number = node.get("data-code", "") if isinstance(node, Tag) and node.name == "span" else ""
        if not number.isascii() or not number.isdigit() or int(number) not in codes:
            raise SegmentError(_("The machine put marks into the text that the English doesn’t have."))
        code = codes[int(number)]
        if not code.is_alone:
            yield f"<{code.number}>"
            yield from _with_codes(node, codes)
            yield f"</{code.number}>"
        else:
            # Some services close an empty span behind the text that follows it.
            yield f"<{code.number}/>"
            yield from _with_codes(node, codes)


# Whole records ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Suggestions:
    """What the machine did for a record: the ids that it filled, and why it left others empty."""

    filled: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def suggest(record, language: Language, user, translator: MachineTranslator | None = None) -> Suggestions:
    """Fills those segments of a record that have no translation, as a draft translated by machine.

    What people have written stays, in the meantime too. Raises `PermissionDenied`, `MachineTranslationError`.
    """
    require(can_translate(user, language), language)
    empty = [
        segment for segment in segments(workflow.working_copy(record), language) if not segment.is_translated
    ]
    if not empty:
        return Suggestions()
    translator = translator or machine_translator()
    # A transaction that is open while the service thinks would keep everybody else waiting.
    replies = translator.translate([to_html(segment) for segment in empty], source_language(), language)
    if len(replies) != len(empty):
        raise MachineTranslationError(_("The translation service left out some of the texts."))
    texts, refused = {}, {}
    for segment, reply in zip(empty, replies, strict=True):
        try:
            texts[segment.id] = from_html(segment, reply)
        except SegmentError as error:
            refused[segment.id] = str(error)
    digests = {segment.id: segment.digest for segment in empty}
    save = partial(
        workflow.save_translation, record, language, user=user, origin=Origin.MACHINE, digests=digests
    )
    if not texts:
        return Suggestions([], refused)
    try:
        saved = save(texts)
    except workflow.SegmentErrors as error:
        # The source was changed in the meantime.
        refused |= error.errors
        texts = {name: text for name, text in texts.items() if name not in error.errors}
        saved = save(texts) if texts else workflow.Saved()
    return Suggestions(saved.changed, refused)
