from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from translations.columns import LanguageStatesColumn

from .models import NewsCategory
from .views import NewsPageViewSet


class NewsCategoryViewSet(SnippetViewSet):
    model = NewsCategory
    icon = "tag"
    menu_label = _("News categories")
    menu_order = 260
    add_to_admin_menu = True
    list_display = ["__str__", "slug", LanguageStatesColumn()]


register_snippet(NewsCategoryViewSet)


@hooks.register("register_admin_viewset")
def register_news_listing():
    return NewsPageViewSet()
