"""Forms of translated records: they change the source and what all languages share, and nothing else."""

from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm


class SourceForm:
    """Belongs before a form class of a translated record.

    What translators save while the form is open stays, whatever the form was opened with.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.writes_languages = frozenset()


class TranslatedPageForm(SourceForm, WagtailAdminPageForm):
    pass


class TranslatedRecordForm(SourceForm, WagtailAdminModelForm):
    pass
