from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from .models import Milestone


class MilestoneViewSet(SnippetViewSet):
    model = Milestone
    icon = "history"
    menu_label = _("Milestones")
    menu_order = 250
    add_to_admin_menu = True
    list_display = [
        "__str__",
        Column("date_in_words", label=_("Date"), sort_key="start"),
        LiveStatusTagColumn(),
    ]
    list_filter = ["live", "year"]
    ordering = ["-year", "-last_day", "-start", "-pk"]
    list_per_page = 50


register_snippet(MilestoneViewSet)
