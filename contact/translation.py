from modeltranslation.translator import TranslationOptions, register

from .models import ContactFormField, ContactPage


@register(ContactPage)
class ContactPageTranslation(TranslationOptions):
    fields = (
        "lead",
        "postal_address",
        "opening_hours",
        "directions",
        "form_introduction",
        "thanks_title",
        "thanks",
    )
    empty_values = None


@register(ContactFormField)
class ContactFormFieldTranslation(TranslationOptions):
    fields = ("label", "help_text", "choices")
    required_languages = {"en": ("label",)}
    empty_values = None
