"""The form that gives chosen records to translators."""

from functools import cached_property

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from translations.assignments import assign
from translations.languages import Language
from translations.overview import OverviewForm, chosen_entries
from translations.rights import assigned_by, translators

LEAVE, NOBODY = "", "nobody"
LISTED = 10


class PersonField(forms.ChoiceField):
    """Who is to translate into a language; `people` are those who may."""

    def __init__(self, language: Language, people, **kwargs):
        self.language = language
        self.people = {str(person.pk): person for person in people}
        super().__init__(
            label=language.name,
            required=False,
            choices=[
                (LEAVE, _("Leave as it is")),
                (NOBODY, _("Nobody")),
                *(
                    (number, person.get_full_name() or person.get_username())
                    for number, person in self.people.items()
                ),
            ],
            **kwargs,
        )


class AssignForm(forms.Form):
    """A person a language, and one day for all."""

    due = forms.DateField(
        label=_("Due date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The day by which they should have sent it to review. Leave empty for no such day."),
    )

    def __init__(self, *args, languages: list[Language], user, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.user = user
        self.of_languages = []
        due = self.fields.pop("due")
        for language in languages:
            name = f"person-{language.code}"
            self.fields[name] = PersonField(language, translators(language))
            self.of_languages.append(name)
        due.widget.attrs["min"] = timezone.localdate().isoformat()
        self.fields["due"] = due

    def clean_due(self):
        due = self.cleaned_data["due"]
        if due and due < timezone.localdate():
            raise forms.ValidationError(_("This day has passed: choose today or a later one."))
        return due

    def clean(self):
        if not self.errors and not any(self.cleaned_data.get(name) for name in self.of_languages):
            raise forms.ValidationError(_("Choose a person for at least one language."))
        return super().clean()

    def people(self):
        """(language, person or None for nobody) for each language that is to change."""
        for name in self.of_languages:
            value = self.cleaned_data[name]
            if value != LEAVE:
                field = self.fields[name]
                yield field.language, field.people.get(value)

    def language_fields(self):
        return [self[name] for name in self.of_languages]


class AssignView(WagtailAdminTemplateMixin, FormView):
    template_name = "translations/assign.html"
    form_class = AssignForm
    page_title = _("Assign translations")
    header_icon = "user"

    def dispatch(self, request, *args, **kwargs):
        if not self.languages:
            raise PermissionDenied
        if not self.entries:
            messages.warning(request, _("Tick the records that you want to assign first."))
            return redirect(self.overview_url)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def parameters(self) -> QueryDict:
        """Which records were chosen, and the filters of the overview to which the way back leads."""
        given = self.request.POST if self.request.method == "POST" else self.request.GET
        kept = QueryDict(mutable=True)
        for name in ("record", "all", *OverviewForm.base_fields):
            kept.setlist(name, [value for value in given.getlist(name) if value])
        return kept

    @cached_property
    def entries(self):
        return list(chosen_entries(self.parameters, self.request.user))

    @cached_property
    def languages(self) -> list[Language]:
        languages = assigned_by(self.request.user)
        shown = [language for language in languages if language.code == self.parameters.get("language")]
        return shown or languages

    @property
    def overview_url(self) -> str:
        kept = self.parameters.copy()
        for name in ("record", "all"):
            kept.pop(name, None)
        query = kept.urlencode()
        return reverse("translations:overview") + (f"?{query}" if query else "")

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": self.overview_url, "label": _("Translations")},
            {"url": "", "label": self.page_title},
        ]

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"languages": self.languages, "user": self.request.user}

    def form_valid(self, form):
        given = taken = approved = 0
        with transaction.atomic():
            for language, person in form.people():
                result = assign(
                    self.entries,
                    language,
                    person,
                    user=self.request.user,
                    due=form.cleaned_data["due"],
                )
                approved += result.approved
                if person is None:
                    taken += result.changed
                else:
                    given += result.changed
        if given:
            messages.success(
                self.request,
                ngettext("%(number)d translation assigned.", "%(number)d translations assigned.", given)
                % {"number": given},
            )
        if taken:
            messages.success(
                self.request,
                ngettext(
                    "%(number)d translation is assigned to nobody now.",
                    "%(number)d translations are assigned to nobody now.",
                    taken,
                )
                % {"number": taken},
            )
        if approved:
            messages.info(
                self.request,
                ngettext(
                    "%(number)d translation is approved already and needs nobody.",
                    "%(number)d translations are approved already and need nobody.",
                    approved,
                )
                % {"number": approved},
            )
        if not given and not taken and not approved:
            messages.info(self.request, _("Nothing had to be changed."))
        return redirect(self.overview_url)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            entries=self.entries[:LISTED],
            total=len(self.entries),
            more=max(len(self.entries) - LISTED, 0),
            parameters=[(name, value) for name, values in self.parameters.lists() for value in values],
            overview_url=self.overview_url,
            **kwargs,
        )
