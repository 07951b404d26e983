"""The contact page, the questions of its form and the messages that it brought."""

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPMethod, HTTPStatus

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.contrib.forms.models import (
    AbstractFormField,
    AbstractFormSubmission,
    FormMixin,
    validate_to_address,
)
from wagtail.contrib.forms.panels import FormSubmissionsPanel
from wagtail.contrib.forms.utils import get_field_clean_name
from wagtail.fields import RichTextField

from pages.blocks import TEXT_FEATURES
from pages.models import BasePage
from translations.languages import column, current_language, get_language, source_language
from translations.models import LocalizedValue, TranslatedRecord
from translations.panels import source_panels

from .fields import ChoicesField
from .forms import ContactFormBuilder, ContactPageForm
from .guards import Refusal, comes_from_this_site, has_room_for

LONG_TEXT = {"widget": AdminAutoHeightTextInput}
# The part of the page to which a browser goes after the form was sent: the errors, or the thanks.
RESULT = "result"
# What of a label stands above a column of messages.
LABEL_LENGTH = 40


class ContactPage(FormMixin, BasePage):
    """How to reach the Centre, and a form to write to it.

    Not Wagtail's `EmailFormMixin`: that one sends within the request and fails before the visitor's eyes.
    """

    lead = models.TextField(_("lead"), blank=True)
    postal_address = models.TextField(_("postal address"), blank=True)
    opening_hours = models.TextField(_("opening hours"), blank=True)
    directions = RichTextField(_("how to find us"), blank=True, features=TEXT_FEATURES)
    form_introduction = models.TextField(
        _("words above the form"),
        blank=True,
        help_text=_("What people may write about, and when you answer."),
    )
    thanks_title = models.CharField(
        _("heading of the thanks"),
        max_length=255,
        blank=True,
        help_text=_("What somebody reads who has sent the form. Leave empty for the usual words."),
    )
    thanks = models.TextField(_("thanks"), blank=True)
    email = models.EmailField(_("e-mail address for visitors"), blank=True)
    telephone = models.CharField(_("telephone"), max_length=50, blank=True)
    map_url = models.URLField(
        _("address of a map"),
        blank=True,
        help_text=_("A plain link to a map on another site. No map is shown on the page itself."),
    )
    recipients = models.CharField(
        _("recipients"),
        max_length=500,
        blank=True,
        validators=[validate_to_address],
        help_text=_(
            "E-mail addresses to which messages are sent, separated by commas. Leave empty, and messages are "
            "kept in the admin alone, under Forms: nobody is told about them."
        ),
    )
    retention_days = models.PositiveIntegerField(
        _("days for which messages are kept"),
        default=180,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_("Older messages are deleted by themselves. The page says so to visitors."),
    )
    privacy_page = models.ForeignKey(
        BasePage,
        verbose_name=_("page about privacy"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The form links to it."),
    )

    template = "contact/contact_page.html"
    parent_page_types = ["pages.HomePage", "pages.AboutPage"]
    subpage_types = []
    allowed_http_methods = [*BasePage.allowed_http_methods, HTTPMethod.POST]
    # A visitor has no session whose rights another site could borrow, and a token would need a cookie.
    # `comes_from_this_site` keeps other sites from sending the form through a visitor's browser all the same.
    guards_itself_against_forgery = True

    translated_content = [
        ("lead", LONG_TEXT),
        ("postal_address", LONG_TEXT),
        ("opening_hours", LONG_TEXT),
        "directions",
        ("form_introduction", LONG_TEXT),
        "thanks_title",
        ("thanks", LONG_TEXT),
    ]
    shared_panels = [
        FormSubmissionsPanel(heading=_("Messages")),
        MultiFieldPanel(
            [FieldPanel("email"), FieldPanel("telephone"), FieldPanel("map_url")], heading=_("For visitors")
        ),
        MultiFieldPanel(
            [FieldPanel("recipients"), FieldPanel("retention_days"), FieldPanel("privacy_page")],
            heading=_("What becomes of messages"),
        ),
        InlinePanel("form_fields", heading=_("Form"), label=_("question")),
    ]
    admin_form_class = ContactPageForm
    form_builder = ContactFormBuilder

    class Meta:
        verbose_name = _("contact page")

    # Wagtail's mixin would offer its two instead of one for each language.
    preview_modes = BasePage.preview_modes

    def get_preview_context(self, request, mode_name):
        return self.get_context(request)

    def serve_preview(self, request, mode_name):
        return BasePage.serve_preview(self, request, mode_name)

    def serve(self, request, *args, **kwargs):
        response = self.receive(request) if request.method == "POST" else BasePage.serve(self, request)
        if request.method == "POST":
            add_never_cache_headers(response)
        return response

    def receive(self, request):
        """Keeps what a visitor sent and leads to the thanks; or shows it again with what is wrong."""
        form = self.get_form(request.POST)
        if not comes_from_this_site(request):
            return self.refuse(request, form, Refusal.ELSEWHERE, HTTPStatus.FORBIDDEN)
        if not form.is_valid():
            return self.refuse(request, form, None, HTTPStatus.UNPROCESSABLE_ENTITY)
        if not has_room_for(request):
            return self.refuse(request, form, Refusal.TOO_MANY, HTTPStatus.TOO_MANY_REQUESTS)
        self.process_form_submission(form)
        response = redirect(f"{self.get_url(request)}?sent=1#{RESULT}")
        response.status_code = HTTPStatus.SEE_OTHER
        return response

    def refuse(self, request, form, refusal, status):
        if refusal is not None:
            form.add_error(None, refusal.label)
        form.renew()
        response = BasePage.serve(self, request, form=form)
        response.status_code = status
        return response

    def process_form_submission(self, form):
        # Imported here, since it needs the models.
        from .tasks import deliver_message

        waits = bool(self.recipient_list)
        message = ContactMessage.objects.create(
            page=self,
            form_data=form.answers(),
            language=current_language().code,
            delivery=ContactMessage.Delivery.WAITING if waits else ContactMessage.Delivery.KEPT,
            next_attempt=timezone.now() if waits else None,
        )
        if waits:
            deliver_message.enqueue(message.pk)
        return message

    def get_context(self, request, *args, form=None, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        privacy = self.privacy_page
        has_form = bool(self.get_form_fields())
        return context | {
            "sent": "sent" in request.GET and form is None,
            "form": (form or self.get_form()) if has_form else None,
            # In English at the least: nobody is to consent to what they can't read up on.
            "privacy_page": privacy if privacy and privacy.live else None,
            "result": RESULT,
        }

    def shown_records(self):
        return [*super().shown_records(), *self.get_form_fields()]

    def get_form(self, *args, **kwargs):
        return self.get_form_class()(*args, **kwargs)

    def get_form_fields(self):
        # Once for a request, whoever asks.
        if not hasattr(self, "_form_fields"):
            self._form_fields = list(self.form_fields.all())
        return self._form_fields

    @property
    def telephone_link(self) -> str:
        """The number as a telephone dials it (RFC 3966)."""
        return "".join(sign for sign in self.telephone if sign.isdecimal() or sign == "+")

    @property
    def recipient_list(self) -> list[str]:
        return [address for part in self.recipients.split(",") if (address := part.strip())]

    def get_submission_class(self):
        return ContactMessage

    def get_submissions(self):
        # By way of the relation: each message then has this page at hand.
        return self.contactmessage_set.all()

    def get_submissions_list_view_class(self):
        from .views import MessagesView

        return MessagesView

    def get_data_fields(self):
        """(name, label) of the columns in which staff read messages."""
        return [
            ("submit_time", _("Sent")),
            ("language", _("Language")),
            *(
                (field.clean_name, Truncator(str(field.localize("label"))).chars(LABEL_LENGTH))
                for field in self.get_form_fields()
            ),
            ("other_answers", _("Other answers")),
            ("delivery", pgettext_lazy("of a message", "E-mail")),
        ]


@dataclass(frozen=True)
class Choice:
    """A choice of a question. `value` is what a browser sends, `source` what staff read."""

    value: str
    source: str
    label: LocalizedValue


class ContactFormField(TranslatedRecord, AbstractFormField):
    """A question of a contact form."""

    class Kind(models.TextChoices):
        SINGLE_LINE = "singleline", _("A line of text")
        MULTI_LINE = "multiline", _("A longer text")
        EMAIL = "email", _("An e-mail address")
        TELEPHONE = "tel", _("A telephone number")
        URL = "url", _("The address of a website")
        NUMBER = "number", _("A number")
        DATE = "date", _("A date")
        DROPDOWN = "dropdown", _("One of several, in a list that opens")
        RADIO = "radio", _("One of several, all in view")
        CHECKBOXES = "checkboxes", _("Any of several")
        CHECKBOX = "checkbox", _("A box to tick")
        CONSENT = "consent", _("A box to tick, with a link to the page about privacy")

    class Purpose(models.TextChoices):
        """What a browser may fill in by itself (WCAG 2.2, 1.3.5; the tokens are those of HTML)."""

        NAME = "name", pgettext_lazy("what a question asks for", "Name")
        GIVEN_NAME = "given-name", _("Given name")
        FAMILY_NAME = "family-name", _("Family name")
        EMAIL = "email", _("E-mail address")
        TELEPHONE = "tel", _("Telephone number")
        ORGANIZATION = "organization", _("Organisation")
        ROLE = "organization-title", _("Role in the organisation")
        COUNTRY = "country-name", _("Country")
        CITY = "address-level2", _("City")
        STREET = "street-address", _("Postal address")
        WEBSITE = "url", _("Website")

    WITH_CHOICES = {Kind.DROPDOWN, Kind.RADIO, Kind.CHECKBOXES}
    TICKED = {Kind.CHECKBOX, Kind.CONSENT}
    # The names of the other columns of a message.
    RESERVED = {"submit_time", "language", "delivery", "other_answers"}

    page = ParentalKey(ContactPage, on_delete=models.CASCADE, related_name="form_fields")
    field_type = models.CharField(_("kind of answer"), max_length=16, choices=Kind, default=Kind.SINGLE_LINE)
    purpose = models.CharField(
        _("about the person who writes"),
        max_length=30,
        choices=Purpose,
        blank=True,
        help_text=_("Browsers then offer to fill it in."),
    )
    choices = ChoicesField()
    default_value = models.TextField(
        _("default value"),
        blank=True,
        help_text=_(
            "What the form begins with. Of several choices, those in English that are chosen, one a line; of "
            "a box to tick, “yes”."
        ),
    )

    panels = [
        *source_panels(["label", "help_text"]),
        FieldPanel("field_type"),
        FieldPanel("required"),
        *source_panels(["choices"]),
        FieldPanel("default_value"),
        FieldPanel("purpose"),
    ]

    class Meta(AbstractFormField.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self):
        return str(self.localize("label"))

    def clean(self):
        super().clean()
        # In a form, a new question has no page yet that could say what is public.
        choices = [item.value for item in getattr(self, column("choices", source_language())) or []]
        if self.field_type in self.WITH_CHOICES and not choices:
            raise ValidationError(_("A question with several choices needs choices."))
        if len(set(choices)) < len(choices):
            raise ValidationError(_("Two choices have the same words."))
        if self.field_type == self.Kind.CONSENT and self.default_value:
            raise ValidationError(
                {"default_value": _("Nobody consents by a box that is ticked already: leave this empty.")}
            )
        if self.field_type in self.WITH_CHOICES and set(self.default_values) - set(choices):
            raise ValidationError({"default_value": _("Write the words of a choice as they stand above.")})
        if self.field_type in {self.Kind.DROPDOWN, self.Kind.RADIO} and len(self.default_values) > 1:
            raise ValidationError({"default_value": _("Only one choice can be chosen here.")})

    @property
    def translation_owner(self):
        return self.page

    @property
    def default_values(self) -> list[str]:
        return [value for line in self.default_value.splitlines() if (value := line.strip())]

    def get_field_clean_name(self):
        """The key of the answers, from the English label, whatever the language of the admin."""
        label = getattr(self, column("label", source_language())) or ""
        name = get_field_clean_name(label)[:60].rstrip("_") or "question"
        return f"{name}_field" if name in self.RESERVED else name

    def choice_list(self) -> list[Choice]:
        """The choices in the order of the source, each in the reader's language or else in the source."""
        source = source_language()
        localized = self.localize("choices")
        own = {} if localized.is_fallback else {item.id: item.value for item in localized.value or []}
        choices = []
        for number, item in enumerate(self.localize("choices", source).value or []):
            word = own.get(item.id)
            label = LocalizedValue(
                word or item.value, localized.language if word else source, not word and not self.reads_source
            )
            choices.append(Choice(item.id or f"#{number}", item.value, label))
        return choices

    @property
    def reads_source(self) -> bool:
        return current_language().is_source


class ContactMessageQuerySet(models.QuerySet):
    def due(self, now):
        """Those that wait to be sent by e-mail, and whose time has come."""
        return self.filter(delivery=ContactMessage.Delivery.WAITING, next_attempt__lte=now)

    def expired(self, now):
        """Those that are older than their page keeps messages."""
        conditions = Q(pk__in=[])
        for page, days in ContactPage.objects.values_list("pk", "retention_days"):
            conditions |= Q(page=page, submit_time__lt=now - timedelta(days=days))
        return self.filter(conditions)


class ContactMessage(AbstractFormSubmission):
    """What a visitor wrote. Choices are kept in English, so that staff can read them in any language."""

    class Delivery(models.TextChoices):
        KEPT = "kept", pgettext_lazy("of a message", "Not sent: the page has no recipients")
        WAITING = "waiting", pgettext_lazy("of a message", "Not sent yet")
        SENT = "sent", pgettext_lazy("of a message", "Sent")

    language = models.CharField(_("language"), max_length=10)
    delivery = models.CharField(_("delivery"), max_length=10, choices=Delivery)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_attempt = models.DateTimeField(_("next attempt"), null=True, blank=True)

    objects = ContactMessageQuerySet.as_manager()

    # Whoever may look at where a page is used may not therefore read what people wrote.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-submit_time"]
        indexes = [
            models.Index(fields=["submit_time"], name="contact_by_time"),
            models.Index(fields=["delivery", "next_attempt"], name="contact_due"),
        ]

    def __str__(self):
        return f"{self.page_id}/{self.pk}"

    @property
    def language_name(self) -> str:
        try:
            return get_language(self.language).name
        except KeyError:
            return self.language

    def get_data(self):
        """{name of a column: text}, with the answers to questions that have gone from the form together."""
        asked = {field.clean_name for field in self.page.specific.get_form_fields()}
        answers = {name: readable(value) for name, value in self.form_data.items()}
        others = [f"{name}: {value}" for name, value in answers.items() if name not in asked and value]
        return answers | {
            "submit_time": self.submit_time,
            "language": self.language_name,
            "delivery": str(self.get_delivery_display()),
            "other_answers": "; ".join(others),
        }


def readable(value) -> str:
    """An answer as staff read it."""
    match value:
        case None:
            return ""
        case bool():
            return str(_("yes") if value else _("no"))
        case list():
            return "; ".join(map(str, value))
    return str(value)
