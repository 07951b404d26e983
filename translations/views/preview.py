"""The saved draft of a translation as visitors would see it, for everybody who works on the site."""

from django.db import models
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.models import PreviewableMixin
from wagtail.utils.decorators import xframe_options_sameorigin_override

from translations import workflow
from translations.languages import Language
from translations.registry import find, preview_url


class TranslationPreviewPanel(BaseSidePanel):
    """Shows the saved draft beside the inputs; it is fetched when the panel is opened."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("Toggle preview")
        icon_name = "mobile-alt"
        has_counter = False
        keyboard_shortcut = "mod+p"

    name = "preview"
    title = _("Preview")
    template_name = "translations/preview_panel.html"
    order = 100

    def __init__(self, object, request, language: Language):  # noqa: A002
        super().__init__(object, request)
        self.language = language

    def get_context_data(self, parent_context):
        return super().get_context_data(parent_context) | {
            "language": self.language,
            "preview_url": preview_url(self.object, self.language),
        }


def can_be_previewed(record: models.Model) -> bool:
    return isinstance(record, PreviewableMixin) and record.is_previewable()


@require_safe
@xframe_options_sameorigin_override
def preview(request, label: str, pk: str, code: str) -> HttpResponse:
    record, language = find(request, label, pk, code)
    if not can_be_previewed(record):
        raise Http404(label)
    return workflow.working_copy(record).make_preview_request(request, language.code)
