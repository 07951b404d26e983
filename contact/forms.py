"""The form that visitors fill in, made of the questions of a page; and the one in which staff write these."""

import time
from dataclasses import dataclass

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from wagtail.contrib.forms.forms import FormBuilder

from pages.forms import PageForm

from .guards import QUICKEST, Refusal, opened_at, refusal_of

# No question can have these names, which have hyphens.
OPENED, TRAP = "form-opened", "form-remarks"
LINE, TEXT = 255, 5000


@dataclass(frozen=True)
class Question:
    """A question as a page shows it: the record with its words, and the field with its answer."""

    record: object
    field: forms.BoundField
    choices: list

    @property
    def kind(self) -> str:
        return self.record.field_type

    @property
    def is_group(self) -> bool:
        return self.kind in {"radio", "checkboxes"}

    @property
    def is_ticked(self) -> bool:
        return self.kind in {"checkbox", "consent"}

    @property
    def target(self) -> str:
        """The id of what somebody fills in, where a link from the list of errors leads."""
        return f"{self.field.auto_id}_0" if self.is_group else self.field.auto_id

    @property
    def errors(self) -> list[str]:
        return list(self.field.errors)


class ContactForm(forms.Form):
    """What a visitor fills in. `records` has the page's questions by their names."""

    records: dict = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[OPENED] = forms.CharField(required=False, initial=opened_at, widget=forms.HiddenInput)
        # Hidden from people by the page; what fills in everything that it finds gives itself away.
        self.fields[TRAP] = forms.CharField(
            required=False,
            label=gettext_lazy("Leave this empty"),
            widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
        )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get(TRAP):
            self.add_error(None, Refusal.TRAP.label)
        # Whoever has to fill in more will come later anyhow.
        if not self.errors and (refusal := refusal_of(cleaned.get(OPENED) or "")):
            self.add_error(None, refusal.label)
        return cleaned

    def renew(self) -> None:
        """Makes ready to be sent anew by somebody who was refused."""
        self.data = self.data.copy()
        self.data[TRAP] = ""
        if refusal_of(self.data.get(OPENED, "")) == Refusal.OLD:
            # They have waited already.
            self.data[OPENED] = opened_at_once()

    @cached_property
    def questions(self) -> list[Question]:
        return [Question(record, self[name], record.choice_list()) for name, record in self.records.items()]

    @property
    def asks_for_consent(self) -> bool:
        """Whether a question leads to the page about privacy."""
        return any(question.kind == "consent" for question in self.questions)

    @property
    def trap(self) -> forms.BoundField:
        return self[TRAP]

    @property
    def opened(self) -> forms.BoundField:
        return self[OPENED]

    def answers(self) -> dict[str, object]:
        """{name of a question: its answer}, as it is kept: choices in English, dates as in ISO 8601."""
        answers = {}
        for name, record in self.records.items():
            value = self.cleaned_data.get(name)
            words = {choice.value: choice.source for choice in record.choice_list()}
            if isinstance(value, list):
                value = [words[item] for item in value]
            elif words and value:
                value = words[value]
            elif value is not None and not isinstance(value, bool):
                value = str(value)
            answers[name] = value
        return answers


def opened_at_once() -> str:
    """A note of a form that may be sent at once."""
    return opened_at(time.time() - QUICKEST)


class ContactFormBuilder(FormBuilder):
    """Makes a `ContactForm` of questions, in the reader's language."""

    # What somebody reads who left a question out.
    REQUIRED = {
        "dropdown": gettext_lazy("Choose an answer to “%(label)s”."),
        "radio": gettext_lazy("Choose an answer to “%(label)s”."),
        "checkboxes": gettext_lazy("Choose at least one answer to “%(label)s”."),
        "checkbox": gettext_lazy("Tick “%(label)s”."),
        "consent": gettext_lazy("Tick “%(label)s”."),
    }
    OTHERS_REQUIRED = gettext_lazy("Fill in “%(label)s”.")
    INVALID = {
        "email": gettext_lazy("Write an e-mail address such as name@example.org."),
        "url": gettext_lazy("Write the address of a website such as https://example.org."),
        "number": gettext_lazy("Write a number, in figures."),
        "date": gettext_lazy("Write a date such as 2027-03-31: year, month, day."),
    }

    def get_field_options(self, field):
        label = str(field.localize("label"))
        sentence = self.REQUIRED.get(field.field_type, self.OTHERS_REQUIRED)
        # A label that is a sentence brings its own full stop.
        messages = {"required": sentence % {"label": label.rstrip(".。")}}
        if field.field_type in self.INVALID:
            messages["invalid"] = self.INVALID[field.field_type]
        return {
            "label": label,
            "help_text": str(field.localize("help_text")),
            "required": field.required,
            "initial": field.default_value,
            "error_messages": messages,
        }

    def get_formatted_field_choices(self, field):
        return [(choice.value, choice.label) for choice in field.choice_list()]

    def get_formatted_field_initial(self, field):
        return [choice.value for choice in field.choice_list() if choice.source in field.default_values]

    def create_singleline_field(self, field, options):
        return forms.CharField(max_length=LINE, **options)

    def create_multiline_field(self, field, options):
        return forms.CharField(max_length=TEXT, widget=forms.Textarea(attrs={"rows": 8}), **options)

    def create_email_field(self, field, options):
        return forms.EmailField(max_length=LINE, **options)

    def create_tel_field(self, field, options):
        return forms.CharField(max_length=50, widget=forms.TelInput, **options)

    def create_url_field(self, field, options):
        return forms.URLField(max_length=LINE, **options)

    def create_number_field(self, field, options):
        return forms.DecimalField(max_digits=20, widget=forms.NumberInput(attrs={"step": "any"}), **options)

    def create_date_field(self, field, options):
        # The one form in which browsers send a date, whatever the language of the page.
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        return forms.DateField(input_formats=["%Y-%m-%d"], widget=widget, **options)

    def create_dropdown_field(self, field, options):
        nothing = ("", pgettext("in a list of choices", "Choose one"))
        options |= {"choices": [nothing, *self.get_formatted_field_choices(field)]}
        options |= {"initial": next(iter(self.get_formatted_field_initial(field)), "")}
        return forms.ChoiceField(widget=forms.Select, **options)

    def create_radio_field(self, field, options):
        options |= {"choices": self.get_formatted_field_choices(field)}
        options |= {"initial": next(iter(self.get_formatted_field_initial(field)), "")}
        return forms.ChoiceField(widget=forms.RadioSelect, **options)

    def create_checkboxes_field(self, field, options):
        options |= {"choices": self.get_formatted_field_choices(field)}
        options |= {"initial": self.get_formatted_field_initial(field)}
        return forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, **options)

    def create_checkbox_field(self, field, options):
        return forms.BooleanField(**options | {"initial": bool(field.default_values)})

    create_consent_field = create_checkbox_field

    # Numbers, addresses and the like are written from left to right in every language.
    LEFT_TO_RIGHT = {"email", "tel", "url", "number", "date"}

    @property
    def formfields(self):
        fields = {}
        for record in self.fields:
            name = record.clean_name or record.get_field_clean_name()
            field = self.get_create_field_function(record.field_type)(record, self.get_field_options(record))
            # A text that is too long is refused with a sentence, not cut off while it is pasted.
            field.widget.attrs.pop("maxlength", None)
            if not isinstance(field, forms.BooleanField | forms.ChoiceField):
                field.widget.attrs["dir"] = "ltr" if record.field_type in self.LEFT_TO_RIGHT else "auto"
            if record.purpose:
                field.widget.attrs["autocomplete"] = record.purpose
            fields[name] = field
        return fields

    def get_form_class(self):
        records = {record.clean_name or record.get_field_clean_name(): record for record in self.fields}
        return type("WrittenForm", (ContactForm,), self.formfields | {"records": records})


class ContactPageForm(PageForm):
    """The form of a contact page; no two of its questions may keep their answers under the same name."""

    def clean(self):
        cleaned = super().clean()
        seen = set()
        for form in self.formsets["form_fields"].forms if "form_fields" in self.formsets else ():
            if not form.is_valid() or form.cleaned_data.get("DELETE"):
                continue
            name = form.instance.clean_name or form.instance.get_field_clean_name()
            if name in seen:
                form.add_error(
                    None, _("Another question has this label, or had it once: choose another label.")
                )
            seen.add(name)
        return cleaned
