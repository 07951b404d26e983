"""What the text of a page is made of."""

from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.rich_text import expand_db_html

# What a paragraph may hold. Headings, pictures and quotations are blocks of their own.
TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul"]


class FigureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("Picture"))
    caption = blocks.CharBlock(
        label=_("Caption"), required=False, help_text=_("Leave empty to show the picture's own caption.")
    )

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


class BodyBlock(blocks.StreamBlock):
    """A text in blocks. The links in all of its rich text are looked up together, in one query a kind."""

    heading = blocks.CharBlock(label=_("Heading"), icon="title", template="blocks/heading.html")
    subheading = blocks.CharBlock(label=_("Sub-heading"), icon="title", template="blocks/subheading.html")
    text = blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES, template="blocks/text.html")
    figure = FigureBlock()
    quote = QuoteBlock()

    def render(self, value, context=None):
        return mark_safe(expand_db_html(super().render(value, context)))  # noqa: S308

    class Meta:
        template = "blocks/body.html"
