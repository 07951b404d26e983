from modeltranslation.translator import TranslationOptions, register

from .models import CustomDocument, CustomImage


@register(CustomImage)
class CustomImageTranslation(TranslationOptions):
    fields = ("description", "caption", "credit")
    empty_values = None


@register(CustomDocument)
class CustomDocumentTranslation(TranslationOptions):
    fields = ("name", "description")
    empty_values = None
