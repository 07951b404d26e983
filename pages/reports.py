"""Reports for staff, in Wagtail's menu of reports: links that lead nowhere, pictures that nothing shows."""

import re

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.images import get_image_model
from wagtail.models import DraftStateMixin, ReferenceIndex, Revision
from wagtail.permissions import policy_registry

from .links import broken_links
from .models import BasePage

# Who writes or publishes pages; translators have no right to any.
MAY_SEE = ["add", "change", "publish"]


class StaffReport(ReportView):
    any_permission_required = MAY_SEE
    paginate_by = 50

    @cached_property
    def permission_policy(self):
        # What is listed may be something else than pages; who may see it is asked of pages all the same.
        return policy_registry.get_by_type(BasePage)


class StaffReportMenuItem(MenuItem):
    def is_shown(self, request):
        return policy_registry.get_by_type(BasePage).user_has_any_permission(request.user, MAY_SEE)


class BrokenLinksReport(StaffReport):
    model = BasePage
    page_title = _("Broken links")
    header_icon = "link"
    index_url_name = "broken_links_report"
    index_results_url_name = "broken_links_report_results"
    no_results_message = _("No published page has a link that leads nowhere.")
    columns = [
        TitleColumn(
            "title",
            label=_("Page"),
            get_url=lambda row: reverse("wagtailadmin_pages:edit", args=[row.page_id]),
        ),
        Column("language_name", label=_("Language")),
        Column("field", label=_("Field")),
        Column("text", label=_("Words of the link")),
        Column("target", label=_("Leads to")),
        Column("reason", label=_("Problem")),
    ]
    list_export = ["title", "language_name", "field", "text", "target", "reason"]
    export_headings = {
        "title": _("Page"),
        "language_name": _("Language"),
        "field": _("Field"),
        "text": _("Words of the link"),
        "target": _("Leads to"),
        "reason": _("Problem"),
    }
    export_filename = "broken-links"

    def get_queryset(self):
        return broken_links()

    def decorate_paginated_queryset(self, rows):
        pages = BasePage.objects.in_bulk({row.page_id for row in rows})
        for row in rows:
            row.page = pages.get(row.page_id)
        return rows


class UnusedImagesReport(StaffReport):
    model = get_image_model()
    page_title = _("Unused images")
    header_icon = "image"
    index_url_name = "unused_images_report"
    index_results_url_name = "unused_images_report_results"
    no_results_message = _("Every image is used somewhere.")
    columns = [
        TitleColumn("title", label=_("Title"), url_name="wagtailimages:edit", sort_key="title"),
        DateColumn("created_at", label=_("Created"), sort_key="created_at"),
        Column("collection", label=_("Collection")),
        Column("uploaded_by_user", label=_("Uploaded by")),
    ]
    list_export = ["title", "created_at", "collection.name", "uploaded_by_user", "filename"]
    export_headings = {
        "title": _("Title"),
        "created_at": _("Created"),
        "collection.name": _("Collection"),
        "uploaded_by_user": _("Uploaded by"),
        "filename": _("File"),
    }
    export_filename = "unused-images"
    default_ordering = "created_at"

    def get_queryset(self):
        images = unused_images().select_related("collection", "uploaded_by_user")
        return self.order_queryset(images)


def unused_images() -> models.QuerySet:
    """The images that neither a published record nor the newest draft of one shows."""
    image_model = get_image_model()
    references = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(image_model),
        to_object_id=Cast(OuterRef("pk"), models.CharField()),
    )
    images = image_model.objects.filter(~Exists(references))
    return images.exclude(pk__in=images_in_drafts()) if images.exists() else images


def images_in_drafts() -> set[int]:
    """The images that drafts and scheduled revisions name, which the reference index doesn't know.

    Any number that stands where an image may stand counts, so that no image in use is ever called unused.
    """
    image_model = get_image_model()
    drafts = Q(approved_go_live_at__isnull=False)
    names = {"image"}
    for model in apps.get_models():
        if issubclass(model, DraftStateMixin):
            drafts |= Q(
                pk__in=model._base_manager.filter(has_unpublished_changes=True).values("latest_revision")
            )
            names |= {
                field.name
                for field in model._meta.concrete_fields
                if field.is_relation and field.related_model is image_model
            }
    # The blocks of a text stand in the revision as JSON in a string, with its quotes escaped.
    mention = re.compile(
        rf'\b(?:{"|".join(sorted(names))})\\*"\s*:\s*\\*"?(\d+)|<embed\b[^>]*?\bid=\\*"(\d+)', re.ASCII
    )
    found = set()
    texts = Revision.objects.filter(drafts).values_list(Cast("content", models.TextField()), flat=True)
    for text in texts.iterator(chunk_size=200):
        found |= {int(first or second) for first, second in mention.findall(text)}
    return found
