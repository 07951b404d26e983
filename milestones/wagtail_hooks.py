from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import EditView, SnippetViewSet, WorkflowActionView

from pages.views import OnlyWhenReady
from translations.columns import LanguageStatesColumn
from translations.views.source import BesideTranslators

from .bulk_actions import PublishMilestones, UnpublishMilestones
from .models import Milestone, MilestoneTheme


class MilestoneEditView(BesideTranslators, EditView):
    pass


class MilestoneWorkflowActionView(OnlyWhenReady, WorkflowActionView):
    pass


class MilestoneViewSet(SnippetViewSet):
    model = Milestone
    icon = "history"
    menu_label = _("Milestones")
    menu_order = 250
    add_to_admin_menu = True
    list_display = [
        "__str__",
        Column("date_in_words", label=_("Date"), sort_key="start"),
        Column("theme", label=_("Theme")),
        LiveStatusTagColumn(),
        LanguageStatesColumn(),
    ]
    list_filter = ["live", "year", "theme"]
    ordering = ["-year", "-last_day", "-start", "-pk"]
    list_per_page = 50
    edit_view_class = MilestoneEditView
    workflow_action_view_class = MilestoneWorkflowActionView

    def get_queryset(self, request):
        return Milestone.objects.for_admin_list()


class MilestoneThemeViewSet(SnippetViewSet):
    model = MilestoneTheme
    icon = "tag"
    menu_label = _("Milestone themes")
    menu_order = 255
    add_to_admin_menu = True
    list_display = ["__str__", "slug", LanguageStatesColumn()]


register_snippet(MilestoneViewSet)
register_snippet(MilestoneThemeViewSet)

hooks.register("register_bulk_action", PublishMilestones)
hooks.register("register_bulk_action", UnpublishMilestones)
