"""What the text of a page is made of."""

import re
from collections.abc import Iterator, Mapping

from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.rich_text import expand_db_html

from library.downloads import Download, downloads
from library.models import CustomImage
from translations.languages import current_language

from .videos import UnknownVideoError, video_at

# What a paragraph may hold. Headings, pictures and quotations are blocks of their own.
TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul"]

DOCUMENT_LINK = re.compile(
    r'<a (?=[^>]*linktype="document")[^>]*\bid="(?P<id>\d+)"[^>]*>(?P<text>.*?)</a>', re.DOTALL
)


class FigureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("Picture"))
    caption = blocks.CharBlock(
        label=_("Caption"), required=False, help_text=_("Leave empty to show the picture's own caption.")
    )

    def get_searchable_content(self, value):
        caption = value["caption"]
        if not caption and value["image"]:
            own = value["image"].localize("caption")
            caption = "" if own.is_fallback else str(own)
        return [caption] if caption else []

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "blocks/figure.html"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Quotation"))
    attribution = blocks.CharBlock(label=_("Who said it"), required=False)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "blocks/quote.html"


class DocumentsBlock(blocks.ListBlock):
    """Documents to download, each in the reader's language where it has such a version."""

    def __init__(self, **kwargs):
        super().__init__(DocumentChooserBlock(label=_("Document")), **kwargs)

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context)
        found = context.get("downloads") or {}
        context["offers"] = [found[document.pk] for document in value if document and document.pk in found]
        context["reader"] = current_language()
        return context

    def get_searchable_content(self, value):
        """What the template says of each in the active language, with no English in its place."""
        numbers = [document.pk for document in value if document]
        found = downloads(numbers)
        words = []
        for document in [found[number].document for number in numbers if number in found]:
            name, description = document.localize("name"), document.localize("description")
            words += [text for text in (name or document.title, description) if text]
        return [str(text) for text in words if not getattr(text, "is_fallback", False)]

    class Meta:
        icon = "doc-full"
        label = _("Documents")
        template = "blocks/documents.html"


class VideoAddressBlock(blocks.URLBlock):
    def clean(self, value):
        value = super().clean(value)
        try:
            video_at(value)
        except UnknownVideoError as error:
            raise ValidationError(str(error)) from error
        return value


class VideoBlock(blocks.StructBlock):
    """A video of another site, from which nothing loads until the reader asks for it."""

    address = VideoAddressBlock(
        label=_("Address of the video"), help_text=_("The address of the page where the video is shown.")
    )
    title = blocks.CharBlock(label=_("Title"), max_length=255)
    poster = ImageChooserBlock(label=_("Picture in its place"), required=False)
    transcript = blocks.RichTextBlock(
        label=_("Transcript"),
        features=TEXT_FEATURES,
        help_text=_(
            "What is said and shown, or a link to it, for everybody who can't hear or see the video or can't "
            "reach its site."
        ),
    )

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context)
        try:
            context["video"] = video_at(value["address"])
        except UnknownVideoError:
            # Its host is no longer among those that are allowed: what was said in it stays.
            context["video"] = None
        context["reader"] = current_language()
        return context

    class Meta:
        icon = "media"
        label = _("Video")
        template = "blocks/video.html"


def picture_in(block: blocks.StreamValue.StreamChild) -> CustomImage | None:
    """The picture that a block of a text shows, if it shows one."""
    match block.block_type:
        case "figure":
            return block.value["image"]
        case "video":
            return block.value["poster"]
    return None


def document_numbers(text: blocks.StreamValue) -> Iterator[int]:
    """The numbers of all documents that a text offers or links to."""
    for block in text:
        match block.block_type:
            case "documents":
                yield from (document.pk for document in block.value if document)
            case "text":
                yield from (int(link["id"]) for link in DOCUMENT_LINK.finditer(block.value.source))
            case "video":
                source = block.value["transcript"].source
                yield from (int(link["id"]) for link in DOCUMENT_LINK.finditer(source))


def with_document_links(markup: str, found: Mapping[int, Download], text_is_fallback: bool) -> str:
    """Rich text whose links to documents lead to the reader's version and say what it is.

    Those of documents that aren't public are left to Wagtail, whose view asks who is there.
    """
    reader = current_language()

    def link(match: re.Match) -> str:
        download = found.get(int(match["id"]))
        if download is None:
            return match[0]
        is_foreign = download.language is not None and download.language != reader
        return format_html(
            '<a href="{}" type="{}"{}>{} <span class="file"{}>({})</span></a>',
            download.url,
            download.type,
            format_html(' hreflang="{}"', download.language.tag) if download.language else "",
            mark_safe(match["text"]),  # noqa: S308
            format_html(' lang="{}" dir="{}"', reader.tag, reader.direction) if text_is_fallback else "",
            download.all_facts if is_foreign else download.facts,
        )

    return DOCUMENT_LINK.sub(link, markup) if found else markup


class BodyBlock(blocks.StreamBlock):
    """A text in blocks. All links and documents in it are looked up together, in one query a kind."""

    heading = blocks.CharBlock(label=_("Heading"), icon="title", template="blocks/heading.html")
    subheading = blocks.CharBlock(label=_("Sub-heading"), icon="title", template="blocks/subheading.html")
    text = blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES, template="blocks/text.html")
    figure = FigureBlock()
    quote = QuoteBlock()
    documents = DocumentsBlock()
    video = VideoBlock()

    def render(self, value, context=None):
        found = downloads(document_numbers(value))
        markup = super().render(value, {**(context or {}), "downloads": found})
        body = (context or {}).get("body")
        markup = with_document_links(markup, found, getattr(body, "is_fallback", False))
        return mark_safe(expand_db_html(markup))  # noqa: S308

    class Meta:
        template = "blocks/body.html"
