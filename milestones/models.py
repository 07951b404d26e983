"""Dated events in the Centre's history, and the page that tells them as a timeline."""

from collections import defaultdict

from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch
from django.db.models.functions import Cast
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PublishingPanel
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    Revision,
    RevisionMixin,
    WorkflowMixin,
    WorkflowState,
)
from wagtail.search import index

from caching import tags
from pages.fields import BodyField
from pages.findable import SearchKind, SearchText
from pages.models import BasePage
from translations.forms import TranslatedRecordForm
from translations.languages import all_languages, current_language
from translations.models import LanguagePreviews, TranslatedInPlace, TranslatedRevisions
from translations.models.records import public_in
from translations.panels import language_tabs

from .chronicle import Chronicle
from .dates import FuzzyDate, InvalidDateError, Precision, Qualifier
from .forms import MilestoneForm
from .panels import DatePartsPanel

# How many the home page shows.
NEWEST_MILESTONES = 4


class MilestoneTheme(TranslatedInPlace):
    """What a milestone is about, such as policy dialogue or capacity-building."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("slug"), unique=True)

    base_form_class = TranslatedRecordForm
    edit_handler = language_tabs(fields=["name"], shared=[FieldPanel("slug")])

    class Meta:
        verbose_name = _("milestone theme")
        verbose_name_plural = _("milestone themes")
        ordering = ["slug"]

    def __str__(self):
        return str(self.localize("name"))


class MilestoneQuerySet(models.QuerySet):
    def live(self):
        """Those that visitors may see."""
        return self.filter(live=True)

    def in_language(self, language=None):
        """Those that visitors may read in a language, the active one by default."""
        return self.filter(public_in(language or current_language()))

    def newest_first(self):
        return self.order_by("-year", "-last_day", "-start", "-pk")

    def for_admin_list(self):
        """With all that the admin's list shows of a milestone, in a fixed number of queries."""
        scheduled = Revision.objects.filter(
            base_content_type=ContentType.objects.get_for_model(self.model),
            object_id=Cast(OuterRef("pk"), models.CharField()),
            approved_go_live_at__isnull=False,
        )
        workflows = Prefetch(
            "workflow_states", WorkflowState.objects.active(), to_attr="_current_workflow_states"
        )
        return (
            self.select_related("latest_revision", "theme")
            .defer("latest_revision__content")
            .prefetch_related(workflows)
            .annotate(_approved_schedule=Exists(scheduled))
        )

    def by_year(self) -> dict[int, list["Milestone"]]:
        """Milestones newest year first; within a year, in the order in which they happened."""
        years = defaultdict(list)
        in_order = self.select_related("theme").order_by("-year", "last_day", "start", "pk")
        for milestone in in_order:
            years[milestone.year].append(milestone)
        return dict(years)


class Milestone(
    LanguagePreviews,
    TranslatedRevisions,
    WorkflowMixin,
    PreviewableMixin,
    LockableMixin,
    DraftStateMixin,
    RevisionMixin,
    index.Indexed,
    models.Model,
):
    """One event, with a date as well as it is known."""

    start = models.DateField(_("start"), editable=False)
    end = models.DateField(_("end"), null=True, blank=True, editable=False)
    precision = models.CharField(
        _("precision"),
        max_length=5,
        choices=[(Precision.DAY, _("day")), (Precision.MONTH, _("month")), (Precision.YEAR, _("year"))],
        default=Precision.DAY,
        editable=False,
    )
    qualifier = models.CharField(
        _("qualifier"),
        max_length=10,
        choices=[(Qualifier.PLAIN, "—"), (Qualifier.BY_THE_END, _("by the end of"))],
        blank=True,
        default=Qualifier.PLAIN,
        editable=False,
    )
    # Follow from the date; here so that the database can sort and group.
    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    last_day = models.DateField(editable=False)

    text = models.TextField(_("what happened"))
    theme = models.ForeignKey(
        MilestoneTheme,
        verbose_name=_("theme"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Readers of the timeline find milestones by it."),
    )

    revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="milestone",
        for_concrete_model=False,
    )
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="milestone",
        for_concrete_model=False,
    )

    objects = MilestoneQuerySet.as_manager()

    search_kind = SearchKind("milestone", _("Milestones"))

    base_form_class = MilestoneForm
    edit_handler = language_tabs(
        fields=[("text", {"widget": AdminAutoHeightTextInput})],
        shared=[
            MultiFieldPanel(
                [DatePartsPanel("starts"), DatePartsPanel("ends"), DatePartsPanel("by_the_end")],
                heading=_("When it happened"),
            ),
            FieldPanel("theme"),
        ],
        settings=[PublishingPanel()],
    )

    search_fields = [
        index.SearchField("text"),
        index.AutocompleteField("text"),
        index.FilterField("live"),
        index.FilterField("start"),
        index.FilterField("year"),
        index.FilterField("theme"),
    ]

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["-year", "last_day", "start", "pk"]
        indexes = [
            models.Index(fields=["live", "-year", "last_day", "start"], name="milestones_timeline"),
        ]

    def __str__(self):
        return Truncator(self.localize("text")).words(20)

    def save(self, *args, **kwargs):
        self.moment = self.moment
        return super().save(*args, **kwargs)

    def clean(self):
        super().clean()
        if self.start is None:
            return
        try:
            self.moment = self.moment
        except InvalidDateError as error:
            raise ValidationError(error.message) from error

    def facts_for_translators(self):
        return [(_("Date"), self.date_in_words), (_("Theme"), self.theme)]

    @property
    def approved_schedule(self):
        # A list has asked for all of its rows at once.
        return self._approved_schedule if hasattr(self, "_approved_schedule") else super().approved_schedule

    def tags_of_change(self, before, after, changed):
        return super().tags_of_change(before, after, changed) | {f"placed:{self._meta.label_lower}:{self.pk}"}

    @property
    def date_in_words(self) -> str:
        """The date in the language of whoever is looking, for lists in the admin."""
        return self.moment.phrase(current_language().code, with_year=True)

    @property
    def moment(self) -> FuzzyDate:
        """When it happened; raises `InvalidDateError` if the columns hold a date that can't be."""
        return FuzzyDate(self.start, self.end, Precision(self.precision), Qualifier(self.qualifier))

    @moment.setter
    def moment(self, moment: FuzzyDate):
        self.start, self.end = moment.start, moment.end
        self.precision, self.qualifier = moment.precision.value, moment.qualifier.value
        self.year, self.last_day = moment.year, moment.last_day

    def search_texts(self) -> dict[str, SearchText]:
        """What the search finds of it, by the code of each language: its words on the timeline."""
        timeline = MilestonesPage.objects.visible().first() if self.live else None
        if timeline is None or timeline.get_url() is None:
            return {}
        texts = {}
        for language in all_languages():
            text = self.localize("text", language)
            if text and not text.is_fallback:
                texts[language.code] = SearchText(
                    title=Truncator(str(text)).chars(120),
                    summary=str(text),
                    page=timeline,
                    anchor=f"milestone-{self.pk}",
                    day=self.last_day,
                    day_in_words=self.moment.phrase(language.code, with_year=True),
                    is_titled=False,
                )
        return texts

    @classmethod
    def searched_on(cls, page) -> models.QuerySet:
        """The milestones that a search sends to this page."""
        return cls.objects.live() if isinstance(page, MilestonesPage) else cls.objects.none()

    def get_preview_template(self, request, mode_name):
        return "pages/milestone_preview.html"


class MilestonesPage(BasePage):
    """The history of the Centre as a timeline; all published milestones appear by themselves."""

    body = BodyField()

    template = "pages/milestones_page.html"
    parent_page_types = ["pages.AboutPage"]
    subpage_types = []
    max_count = 1

    translated_content = ["body"]

    class Meta:
        verbose_name = _("milestones page")

    def get_context(self, request, *args, **kwargs):
        self.chronicle = Chronicle.from_query(self.timeline(), request.GET)
        return super().get_context(request, *args, **kwargs) | {"chronicle": self.chronicle}

    def timeline(self) -> dict[int, list[Milestone]]:
        """The published milestones by year, read once for each instance of the page."""
        tags.shows("list:milestones.milestone")
        if not hasattr(self, "_timeline"):
            self._timeline = Milestone.objects.live().in_language().by_year()
        return self._timeline

    @cached_property
    def chronicle(self) -> Chronicle:
        """The timeline as the reader has narrowed it; all of it where nobody has."""
        return Chronicle(self.timeline())

    def shown_records(self):
        return [*super().shown_records(), *self.chronicle.shown, *self.chronicle.themes()]
