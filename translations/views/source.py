"""Wagtail's forms of the source, which need not mind what translators save meanwhile."""

from django.apps import apps
from django.contrib.admin.utils import unquote
from django.http import HttpResponse
from django.utils.functional import cached_property
from wagtail.admin.views import editing_sessions
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.viewsets.pages import PageViewSet

from translations.models import TranslatedRevisions
from translations.models.records import only_translations_since


def known_revision(record: TranslatedRevisions, data):
    """The revision that a form is made from or has saved last, if it still is as that form knows it."""
    if pk := data.get("overwrite_revision_id"):
        return record.revisions.filter(pk=pk).first() if pk.isdecimal() else None
    pk = data.get("loaded_revision_id", "")
    revision = record.revisions.filter(pk=pk).first() if pk.isdecimal() else None
    # Another window may have saved over it.
    if revision and revision.created_at.isoformat() == data.get("loaded_revision_created_at"):
        return revision
    return None


class BesideTranslators:
    """Belongs before an edit view of Wagtail's: translations saved since don't make its form too old."""

    @cached_property
    def is_out_of_date(self):
        if not super().is_out_of_date:
            return False
        record = getattr(self, "page", None) or self.object
        revision = known_revision(record, self.request.POST)
        return revision is None or not only_translations_since(record, revision)


class PageEditView(BesideTranslators, EditView):
    pass


class SourcePageViewSet(PageViewSet):
    """The views of pages of which translators save revisions, too."""

    edit_view_class = PageEditView


def ping(request, app_label: str, model_name: str, object_id: str, session_id: int) -> HttpResponse:
    """Wagtail's answer to a form that asks who else is there; a translation is no newer version of it."""
    model = apps.all_models.get(app_label, {}).get(model_name)
    asked = request.POST.get("revision_id", "")
    if model and issubclass(model, TranslatedRevisions) and asked.isdecimal():
        record = model._base_manager.filter(pk=unquote(object_id)).first()
        record = getattr(record, "specific", record)
        revision = record.revisions.filter(pk=asked).first() if record else None
        if revision and only_translations_since(record, revision):
            request.POST = request.POST.copy()
            request.POST["revision_id"] = str(record.latest_revision_id)
            request.POST["revision_created_at"] = record.latest_revision.created_at.isoformat()
    return editing_sessions.ping(request, app_label, model_name, object_id, session_id)
