"""Wagtail panels for translated records.

The form of a record holds its source and what all languages share. Each translation has a page of its own in
the admin, with the source beside it; the language switch above the form leads there.
"""

from collections.abc import Sequence

from django.forms import BaseForm
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    ObjectList,
    Panel,
    TabbedInterface,
    TitleFieldPanel,
)

from .languages import Language, column, source_language, target_languages

TranslatedField = str | tuple[str, dict]


class LocalizedFieldPanel(FieldPanel):
    """A field in one language; the input knows that language, for its direction and the spell checker."""

    def __init__(self, field_name: str, language: Language, **kwargs):
        self.language = language
        self._translated_name = field_name
        super().__init__(column(field_name, language), **kwargs)

    def clone_kwargs(self):
        return super().clone_kwargs() | {"field_name": self._translated_name, "language": self.language}

    def on_model_bound(self):
        super().on_model_bound()
        # modeltranslation's own label repeats the language, which the form says already.
        self.heading = self.heading or capfirst(self.db_field.translated_field.verbose_name)

    class BoundPanel(FieldPanel.BoundPanel):
        def get_editable_context_data(self):
            language = self.panel.language
            self.bound_field.field.widget.attrs |= {"lang": language.tag, "dir": language.direction}
            return super().get_editable_context_data()


class LocalizedTitlePanel(LocalizedFieldPanel, TitleFieldPanel):
    """The title of a page in the source language, from which Wagtail's form suggests the slug."""

    class BoundPanel(LocalizedFieldPanel.BoundPanel, TitleFieldPanel.BoundPanel):
        pass


class ComparedTranslations(Panel):
    """Shows nothing in a form, but lets two revisions be compared in every language."""

    def __init__(self, fields: Sequence[str], **kwargs):
        self.fields = fields
        super().__init__(**kwargs)

    def clone_kwargs(self):
        return super().clone_kwargs() | {"fields": self.fields}

    class BoundPanel(Panel.BoundPanel):
        def is_shown(self):
            return False

        def get_comparison(self):
            comparisons = []
            for language in target_languages():
                for name in self.panel.fields:
                    panel = LocalizedFieldPanel(name, language).bind_to_model(self.panel.model)
                    bound = panel.get_bound_panel(instance=self.instance, request=self.request, form=None)
                    comparisons += bound.get_comparison()
            return comparisons


class LanguageTabs(TabbedInterface):
    """The tabs of a form, below the switch of its languages."""

    class BoundPanel(TabbedInterface.BoundPanel):
        template_name = "translations/language_tabs.html"


def source_panels(fields: Sequence[TranslatedField]) -> list[Panel]:
    """A panel for each translated field in the source language; a tuple adds options for the panel."""
    panels = []
    for field in fields:
        name, options = (field, {}) if isinstance(field, str) else field
        panel = LocalizedTitlePanel if name == "title" else LocalizedFieldPanel
        panels.append(panel(name, source_language(), **options))
    return panels


def language_tabs(
    fields: Sequence[TranslatedField],
    shared: Sequence[Panel | str] = (),
    settings: Sequence[Panel | str] = (),
    form_class: type[BaseForm] | None = None,
) -> TabbedInterface:
    """The form of a translated record: the source, and what all languages share.

    `fields` names translated fields without a language; `shared` and `settings` are ordinary panels.
    `form_class` is for a model whose `base_form_class` can't say it.
    """
    names = [field if isinstance(field, str) else field[0] for field in fields]
    tabs = [
        ObjectList(
            [*source_panels(fields), ComparedTranslations(names)],
            heading=source_language().name,
            classname="source-tab",
        )
    ]
    if shared:
        tabs.append(ObjectList(list(shared), heading=_("For all languages"), classname="shared-tab"))
    if settings:
        tabs.append(ObjectList(list(settings), heading=_("Settings")))
    return LanguageTabs(tabs, base_form_class=form_class)
