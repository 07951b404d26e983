from django.utils.translation import gettext_lazy as _
from django_filters.filters import DateFromToRangeFilter
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.pages.listing import ExplorableIndexView, PageFilterSet

from pages.views import SitePageViewSet
from translations.columns import LanguageStatesColumn

from .models import NewsPage


class NewsFilterSet(PageFilterSet):
    date = DateFromToRangeFilter(label=_("Date"), widget=DateRangePickerWidget)

    class Meta:
        model = NewsPage
        fields = ["date", "category", "live"]


class NewsListingView(ExplorableIndexView):
    """The articles below a news index, with what tells them apart."""

    default_ordering = "-date"

    def annotate_queryset(self, pages):
        # Not `select_related`, which is lost when each page becomes one of its own type.
        return super().annotate_queryset(pages).prefetch_related("category")


class NewsPageViewSet(SitePageViewSet):
    model = NewsPage
    index_view_class = NewsListingView
    filterset_class = NewsFilterSet

    columns = [
        *(column for column in ExplorableIndexView.base_columns if column.name not in {"type", "status"}),
        Column("date", label=_("Date"), sort_key="date", width="10%"),
        Column("category", label=_("Category"), width="10%"),
        *(column for column in ExplorableIndexView.base_columns if column.name == "status"),
        LanguageStatesColumn(width="16%"),
    ]
