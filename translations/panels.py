"""Wagtail panels for translated fields: a tab for each language, with inputs in its own direction."""

from collections.abc import Sequence

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    ObjectList,
    Panel,
    TabbedInterface,
    TitleFieldPanel,
)

from .languages import Language, all_languages, column, source_language, target_languages


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
        # modeltranslation's own label repeats the language, which the tab says already.
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


def language_panels(fields: Sequence[str | tuple[str, dict]], language: Language) -> list[Panel]:
    """A panel for each translated field in one language; a tuple adds options for the panel."""
    panels = []
    for field in fields:
        name, options = (field, {}) if isinstance(field, str) else field
        is_title = name == "title" and language.is_source
        panel = LocalizedTitlePanel if is_title else LocalizedFieldPanel
        panels.append(panel(name, language, **options))
    return panels


def language_rows(fields: Sequence[str | tuple[str, dict]]) -> list[Panel]:
    """For rows of an inline panel: one line a language, the source first."""
    return [
        FieldRowPanel(language_panels(fields, language), heading=language.name)
        for language in (source_language(), *target_languages())
    ]


def language_tabs(
    fields: Sequence[str | tuple[str, dict]],
    shared: Sequence[Panel | str] = (),
    settings: Sequence[Panel | str] = (),
) -> TabbedInterface:
    """The form of a translated record: the source, what all languages share, then each translation.

    `fields` names translated fields without a language; `shared` and `settings` are ordinary panels.
    """
    tabs = [ObjectList(language_panels(fields, source_language()), heading=source_language().name)]
    if shared:
        tabs.append(ObjectList(list(shared), heading=_("For all languages")))
    tabs += [
        ObjectList(
            language_panels(fields, language),
            heading=language.name,
            attrs={"lang": language.tag, "dir": language.direction},
        )
        for language in all_languages()
        if not language.is_source
    ]
    if settings:
        tabs.append(ObjectList(list(settings), heading=_("Settings")))
    return TabbedInterface(tabs)
