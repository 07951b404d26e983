"""Form fields for translated records."""

from django import forms

from .languages import target_languages
from .status import TranslationStatus


class TranslationStatusWidget(forms.MultiWidget):
    """A choice for each language into which the site is translated."""

    template_name = "translations/translation_status_widget.html"

    class Media:
        css = {"all": ["css/widgets.css"]}

    def __init__(self, attrs=None):
        choices = [("", "—"), *TranslationStatus.choices]
        super().__init__(
            {language.code: forms.Select(choices=choices) for language in target_languages()}, attrs
        )

    def decompress(self, value):
        return [(value or {}).get(language.code, "") for language in target_languages()]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        for language, subwidget in zip(target_languages(), context["widget"]["subwidgets"], strict=True):
            subwidget["language"] = language
        return context


class TranslationStatusField(forms.MultiValueField):
    """The status of each translation, as {language code: status}; a language without one is left out."""

    widget = TranslationStatusWidget

    def __init__(self, **kwargs):
        fields = [
            forms.ChoiceField(choices=[("", "—"), *TranslationStatus.choices], required=False)
            for _language in target_languages()
        ]
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, values):
        pairs = zip(target_languages(), values or [], strict=False)
        return {language.code: value for language, value in pairs if value}

    def has_changed(self, initial, data):
        return (initial or {}) != self.compress(data)
