"""The page of the search, and what it suggests while somebody types."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from pages.addresses import site_address
from pages.findable import findable_models
from pages.models import BasePage
from translations.languages import Language, all_languages, current_language, get_language
from translations.models import LocalizedValue

from .models import Entry
from .passages import mark_title, passage
from .query import LONGEST_QUERY, Query, parse
from .results import MOST_PAGES, PER_PAGE, Results, did_you_mean, in_other_languages, search, suggestions

# With so few of them, readers may be glad of those in other languages.
FEW = 5


@dataclass
class Found:
    """An entry as the page shows it."""

    entry: Entry
    url: str
    title: SafeString
    # In place of a title that isn't translated: the source's.
    source_title: LocalizedValue | None
    passage: SafeString
    is_text: bool
    # The titles of the pages above it, from the top down.
    above: list[LocalizedValue]
    kind: str | Promise


@dataclass
class Filter:
    label: str | Promise | int
    count: int
    url: str
    is_chosen: bool


def kind_labels() -> dict[str, str | Promise]:
    return {model.search_kind.name: model.search_kind.label for model in findable_models()}


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """The page of the search; whatever is in its address, it answers."""
    language = current_language()
    query = parse(request.GET.get("q", ""), language.code)
    kinds = kind_labels()
    kind = request.GET.get("kind", "")
    year, page = number(request.GET.get("year")), number(request.GET.get("page"))
    found = search(query, kind if kind in kinds else "", year, page or 1)
    context = {"query": query, "results": found, "longest": LONGEST_QUERY, "has_own_search": True}
    if query:
        context |= {
            "found": shown(request, found, kinds),
            "kinds": kind_filters(found, kinds),
            "years": year_filters(found),
            "unfiltered_url": address(query),
            "any_kind_url": address(query, year=found.year),
            "any_year_url": address(query, kind=found.kind),
            "start": (found.page - 1) * PER_PAGE + 1,
            "previous_url": page_address(found, found.page - 1) if found.page > 1 else "",
            "next_url": page_address(found, found.page + 1) if found.page < found.pages else "",
            "is_capped": found.total > MOST_PAGES * PER_PAGE,
        }
        if found.unfiltered_total <= FEW:
            context["other_languages"] = other_languages(query)
        if not found.unfiltered_total and (better := did_you_mean(query)):
            context |= {"better": better, "better_url": f"?{urlencode({'q': better})}"}
    elif not query.text:
        # The empty page is one that search engines may list; what was asked of it is not.
        context |= {"origin": site_address(request), "addresses": addresses()}
    return render(request, "search/results.html", context)


@require_safe
@cache_control(max_age=300)
def suggest(request: HttpRequest) -> JsonResponse:
    """Titles that go on as somebody has begun to type, as JSON."""
    titles = suggestions(request.GET.get("q", ""), current_language().code)
    return JsonResponse({"titles": titles}, json_dumps_params={"ensure_ascii": False})


def address_in(language: Language) -> str:
    with translation.override(language.code):
        return reverse("search:results")


def addresses() -> list[tuple[Language, str]]:
    """(language, address of the search page) of each language."""
    return [(language, address_in(language)) for language in all_languages()]


def number(text: str | None) -> int | None:
    """A whole number from the address; None for anything else. Nothing here is greater than four digits."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= 4 else None


def address(query: Query, **parameters) -> str:
    given = {name: value for name, value in parameters.items() if value}
    return f"?{urlencode({'q': query.text} | given)}"


def page_address(found: Results, page: int) -> str:
    return address(found.query, kind=found.kind, year=found.year, page=page)


def kind_filters(found: Results, labels: dict) -> list[Filter]:
    counts = found.kinds()
    return [
        Filter(label, counts[name], address(found.query, kind=name, year=found.year), name == found.kind)
        for name, label in labels.items()
        if counts.get(name)
    ]


def year_filters(found: Results) -> list[Filter]:
    return [
        Filter(year, count, address(found.query, kind=found.kind, year=year), year == found.year)
        for year, count in found.years().items()
    ]


def shown(request: HttpRequest, found: Results, labels: dict) -> list[Found]:
    """The entries of a page of results with all that is shown of them; one query for the pages above them."""
    parents = pages_above([entry.page for entry in found.entries])
    items = []
    for entry in found.entries:
        page = entry.page
        text = passage(entry.text, found.query)
        # What has no title, such as a milestone, leads to its page by its text.
        is_text = bool(entry.title) and not entry.text.title_terms
        kind = labels.get(entry.kind, "")
        above = [parents[path].localize("title") for path in paths_above(page) if path in parents]
        if entry.anchor:
            above.append(page.localize("title"))
        items.append(
            Found(
                entry=entry,
                url=(page.get_url(request) or "") + (f"#{entry.anchor}" if entry.anchor else ""),
                title=text if is_text else mark_title(entry.title, found.query),
                source_title=None if entry.title else page.localize("title"),
                passage=SafeString() if is_text else text,
                is_text=is_text,
                # An article is news, and stands below "News".
                above=[title for title in above if str(title) != str(kind)],
                kind=kind,
            )
        )
    return items


def paths_above(page: BasePage) -> list[str]:
    """The paths in the tree of the pages between the home page and this one."""
    return [page.path[:end] for end in range(3 * page.steplen, len(page.path), page.steplen)]


def pages_above(pages: list[BasePage]) -> dict[str, BasePage]:
    wanted = {path for page in pages for path in paths_above(page)}
    return {page.path: page for page in BasePage.objects.filter(path__in=wanted)} if wanted else {}


def other_languages(query: Query) -> list[tuple[Language, int, str]]:
    """(language, number of entries, address) of each other language in which these words find something."""
    return [
        (language, count, address_in(language) + address(query))
        for code, count in in_other_languages(query.text, query.language).items()
        for language in [get_language(code)]
    ]
