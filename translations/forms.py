"""Forms of translated records: they change the source and what all languages share, and nothing else."""

from django.forms import HiddenInput, ModelChoiceField
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm


class SourceForm:
    """Belongs before a form class of a translated record.

    What translators save while the form is open stays, whatever the form was opened with.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.writes_languages = frozenset()


class ChildNumberField(ModelChoiceField):
    """The number of a child that is at hand, whether it has a row or not.

    A child that was deleted comes back with an old revision, under the number that its translations know.
    """

    widget = HiddenInput

    def __init__(self, child):
        self.child = child
        super().__init__(type(child)._base_manager.none(), initial=child.pk, required=False)

    def to_python(self, value):
        return self.child if str(value) == str(self.child.pk) else super().to_python(value)


class TranslatedPageForm(SourceForm, WagtailAdminPageForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for formset in self.formsets.values():
            name = formset.model._meta.pk.name
            for form in formset.initial_forms:
                if form.instance.pk and name in form.fields:
                    form.fields[name] = ChildNumberField(form.instance)


class TranslatedRecordForm(SourceForm, WagtailAdminModelForm):
    pass
