"""What the admin does with pages beyond Wagtail's own."""

from django.shortcuts import redirect
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.views.pages.workflow import WorkflowActionView

from translations.views.source import SourcePageViewSet

from .readiness import all_are_ready


class OnlyWhenReady:
    """Belongs before a view of a workflow's actions: approves nothing that its form would refuse.

    Wagtail approves from the first page of the admin without a look at the form.
    """

    def post(self, request, *args, **kwargs):
        if self.action_name != "approve" or all_are_ready(request, [self.object]):
            return super().post(request, *args, **kwargs)
        form = AdminURLFinder(request.user).get_edit_url(self.object) or self.redirect_url
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            return self.render_modal_json(request, {"step": "success", "redirect": form})
        return redirect(form)


class PageWorkflowActionView(OnlyWhenReady, WorkflowActionView):
    pass


class SitePageViewSet(SourcePageViewSet):
    """The views of all pages; one for a page type of its own comes of this one too."""

    workflow_action_view_class = PageWorkflowActionView
