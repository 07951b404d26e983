"""The overview of translations: records by languages, with what is left to do in each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permissions import policy_registry

from translations.languages import Language, source_language
from translations.models import LanguageState, RecordEntry
from translations.overview import SORTS, AssigneeField, Overview, type_label
from translations.registry import owner_model
from translations.rights import assigned_by
from translations.states import Origin, State
from translations.tables import FORMATS

ROWS = 50


@dataclass(frozen=True)
class Cell:
    """A record in a language, in words: a template would take four times as long for the 250 of a page.

    `mark` is the state as style sheets call it, empty for the source and for a language that was added later.
    """

    language: Language
    url: str = ""
    mark: str = ""
    label: str = ""
    share: str = ""
    detail: str = ""
    assigned: str = ""
    is_overdue: bool = False


def words(number: int) -> str:
    return ngettext("%(number)s word", "%(number)s words", number) % {"number": grouped(number)}


def words_left(number: int) -> str:
    return ngettext("%(number)s word left", "%(number)s words left", number) % {"number": grouped(number)}


def grouped(number: int) -> str:
    return number_format(number, force_grouping=True)


def cell_of(state: LanguageState, language: Language, url: str, today: date) -> Cell:
    returned, overdue = state.is_returned, state.is_overdue(today)
    detail = assigned = ""
    if state.words_left:
        detail = words_left(state.words_left)
    elif state.origin == Origin.MACHINE and state.state == State.DRAFT:
        detail = gettext("By machine")
    if state.assignee:
        assigned = state.assignee.get_full_name() or state.assignee.get_username()
        if state.due:
            sentence = (
                gettext("%(person)s, overdue since %(day)s")
                if overdue
                else gettext("%(person)s, due %(day)s")
            )
            assigned = sentence % {"person": assigned, "day": date_format(state.due, "DATE_FORMAT")}
    return Cell(
        language,
        url,
        "returned" if returned else state.state,
        gettext("Returned") if returned else str(State(state.state).label),
        gettext("%(number)s%%") % {"number": grouped(state.percentage)},
        detail,
        assigned,
        overdue,
    )


@dataclass(frozen=True)
class Row:
    entry: RecordEntry
    type: str
    # Where its source is edited; None for a person who may not.
    url: str | None
    cells: list[Cell]


@dataclass(frozen=True)
class Heading:
    """The head of a column: where a press sorts by it, and how it is sorted now (as ARIA calls it)."""

    key: str
    label: str
    url: str
    direction: str
    language: Language | None = None


def edit_urls(entries: Iterable[RecordEntry], user: AbstractBaseUser) -> dict[int, str]:
    """{entry: address of the form of its source} for those that a person may edit.

    Of records other than pages it asks only whether a person may change any of that type.
    """
    finder, urls, pages = AdminURLFinder(), {}, {}
    changes_all = may_change_all_pages(user)
    for entry in entries:
        try:
            model = owner_model(entry.label)
        except LookupError:
            continue
        policy = policy_registry.get_by_type(model)
        if hasattr(model, "specific"):
            if changes_all:
                urls[entry.pk] = reverse("wagtailadmin_pages:edit", args=[entry.object_id])
            else:
                pages[entry.object_id] = (entry, policy)
        elif policy is None or policy.user_has_permission(user, "change"):
            # Enough of a record for an address, which hardly ever needs more than the number.
            record = model.from_db(None, [model._meta.pk.attname], [entry.object_id])
            if url := finder.get_edit_url(record):
                urls[entry.pk] = url
    if pages and may_change_pages(user):
        for page in page_model()._base_manager.filter(pk__in=pages).only("path", "depth", "owner"):
            entry, policy = pages[page.pk]
            if policy.user_has_permission_for_instance(user, "change", page):
                urls[entry.pk] = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return urls


def page_model() -> type[models.Model]:
    return apps.get_model(settings.WAGTAIL_PAGE_MODEL)


def may_change_pages(user: AbstractBaseUser) -> bool:
    return policy_registry.get_by_type(page_model()).user_has_permission(user, "change")


def may_change_all_pages(user: AbstractBaseUser) -> bool:
    """Whether a person may change the root of the tree, and so every page: no page needs to be asked then."""
    if user.is_superuser:
        return True
    policy = policy_registry.get_by_type(page_model())
    change = get_permission_codename("change", page_model()._meta)
    return any(
        permission.page.depth == 1 and permission.permission.codename == change
        for permission in policy.get_cached_permissions_for_user(user)
    )


class OverviewView(WagtailAdminTemplateMixin, View):
    """The grid. Everybody who works on the site may look at it."""

    http_method_names = ["get", "head", "options"]
    template_name = "translations/overview.html"
    page_title = _("Translations")
    header_icon = "globe"

    def get(self, request):
        return self.render_to_response(self.get_context_data())

    @cached_property
    def overview(self) -> Overview:
        return Overview(self.request.GET, self.request.user)

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def address(self, **changes) -> str:
        """This address with some parameters changed; always from the first page on."""
        parameters = {
            name: values
            for name, values in self.request.GET.lists()
            if name in self.overview.form.fields and any(values)
        } | changes
        return f"?{urlencode({name: value for name, value in parameters.items() if value}, doseq=True)}"

    def heading(self, key: str, label: str, language: Language | None = None) -> Heading:
        """The first press sorts upwards, the next one downwards."""
        sort = self.overview.sort
        direction = {key: "ascending", f"-{key}": "descending"}.get(sort, "")
        return Heading(
            key,
            label,
            self.address(sort=f"-{key}" if direction == "ascending" else key),
            direction,
            language,
        )

    def rows(self, entries: list[RecordEntry]) -> list[Row]:
        states = self.overview.states_of(entries)
        urls = edit_urls(entries, self.request.user)
        today, types = timezone.localdate(), {}
        # One lookup of the address for all cells: a page has 250 of them.
        pattern = reverse("translations:edit", args=["LABEL", "PK", "CODE"])
        rows = []
        for entry in entries:
            if entry.label not in types:
                types[entry.label] = type_label(entry.label)
            cells = []
            for language in self.overview.column_languages:
                state = states.get((entry.pk, language.code))
                if state is None:
                    detail = words(entry.words) if language.is_source else ""
                    cells.append(Cell(language, detail=detail))
                    continue
                address = pattern.replace("LABEL", entry.label).replace("PK", str(entry.object_id))
                cells.append(cell_of(state, language, address.replace("CODE", language.code), today))
            rows.append(Row(entry, types[entry.label], urls.get(entry.pk), cells))
        return rows

    def get_context_data(self, **kwargs):
        overview = self.overview
        overview.form.fields["assignee"].choices = [*AssigneeField.NAMES, *overview.assignees]
        paginator = WagtailPaginator(overview.ordered, ROWS)
        # Known from the totals already.
        paginator.count = overview.count
        page = paginator.get_page(self.request.GET.get("p"))
        return super().get_context_data(
            overview=overview,
            form=overview.form,
            page=page,
            elided_page_range=paginator.get_elided_page_range(page.number),
            rows=self.rows(list(page.object_list)),
            source=source_language(),
            headings={
                "title": self.heading("title", SORTS["title"]),
                "languages": [
                    self.heading(
                        "words" if language.is_source else f"in-{language.code}", language.name, language
                    )
                    for language in self.overview.column_languages
                ],
            },
            # What is handed on to the forms for chosen records.
            parameters=[
                (name, value)
                for name, values in self.request.GET.lists()
                if name in overview.form.fields
                for value in values
                if value
            ],
            downloads=[
                (name, f"{reverse('translations:download', args=[name])}{self.address()}") for name in FORMATS
            ],
            export_url=url_if_any("translations:export"),
            assign_url=reverse("translations:assign") if assigned_by(self.request.user) else None,
            state_choices=State,
            **kwargs,
        )


def url_if_any(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def download(request, name: str):
    """Everything that fits the filters, as a file."""
    if name not in FORMATS:
        raise Http404(name)
    return FORMATS[name](Overview(request.GET, request.user))
