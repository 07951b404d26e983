"""What the text of a page is made of."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

# What a paragraph may hold. Headings, pictures and quotations are blocks of their own.
TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul"]


class FigureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("picture"))
    caption = blocks.CharBlock(
        label=_("caption"), required=False, help_text=_("Leave empty to show the picture's own caption.")
    )

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "blocks/figure.html"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("quotation"))
    attribution = blocks.CharBlock(label=_("who said it"), required=False)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "blocks/quote.html"


class BodyBlock(blocks.StreamBlock):
    heading = blocks.CharBlock(label=_("Heading"), icon="title", template="blocks/heading.html")
    subheading = blocks.CharBlock(label=_("Sub-heading"), icon="title", template="blocks/subheading.html")
    text = blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES, template="blocks/text.html")
    figure = FigureBlock()
    quote = QuoteBlock()

    class Meta:
        template = "blocks/body.html"
