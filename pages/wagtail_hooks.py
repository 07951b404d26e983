from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils import translation
from django.utils.html import format_html
from wagtail import hooks
from wagtail.rich_text.pages import PageLinkHandler
from wagtail.snippets.models import register_snippet

from translations.languages import column, current_language, source_language

from .models import BasePage
from .readiness import all_are_ready
from .reports import BrokenLinksReport, StaffReportMenuItem, UnusedImagesReport
from .site_admin import SiteViewSetGroup
from .views import SitePageViewSet

register_snippet(SiteViewSetGroup)


@hooks.register("register_admin_viewset", order=1)
def register_page_views():
    """After Wagtail's own, which it takes the place of."""
    return SitePageViewSet("source_pages", model=BasePage)


class LinkToPage(PageLinkHandler):
    """Wagtail's, without asking for more of a page than where it is."""

    @classmethod
    def get_many(cls, attrs_list):
        numbers = [attrs.get("id") for attrs in attrs_list]
        found = BasePage.objects.in_bulk({int(number) for number in numbers if str(number).isdecimal()})
        return [found.get(int(number)) if str(number).isdecimal() else None for number in numbers]


# After Wagtail's own, which it takes the place of.
@hooks.register("register_rich_text_features", order=1)
def register_links_to_pages(features):
    features.register_link_type(LinkToPage)


@hooks.register("insert_editor_js")
def autosave_script():
    return format_html('<script src="{}" defer></script>', static("js/autosave.js"))


@hooks.register("after_copy_page")
def keep_copied_title_in_the_source_language(request, page, new_page):
    """Puts the title that was typed into the copy form into the source language, as all that a form writes.

    Wagtail writes it into the language of the admin, where it would be taken for an approved translation. An
    alias takes no title of its own.
    """
    language, source = current_language(), source_language()
    if language == source or new_page.alias_of_id:
        return
    own_title, source_title = column("title", language), column("title", source)
    original, copy = page.specific, new_page.specific
    typed = getattr(copy, own_title) or getattr(copy, source_title)
    # The row and its latest revision apart: the one may be live while the other is a draft.
    revision = copy.latest_revision
    drafted = getattr(original.get_latest_revision_as_object(), own_title)
    revision.content |= {source_title: typed, "title": typed, "draft_title": typed, own_title: drafted}
    revision.object_str = typed
    revision.save(update_fields=["content", "object_str"])
    setattr(copy, source_title, typed)
    setattr(copy, own_title, getattr(original, own_title))
    copy.draft_title = typed
    with translation.override(source.code):
        copy.save(clean=False)


@hooks.register("before_bulk_action")
def publish_many_only_when_all_are_ready(request, action_type, objects, action):
    """Wagtail publishes the drafts of many pages as they are, without the checks of their forms."""
    if action_type != "publish" or not issubclass(action.model, BasePage):
        return None
    pages = [page.specific for page in objects]
    if action.cleaned_form.cleaned_data["include_descendants"]:
        pages += [
            draft
            for page in objects
            for draft in page.get_descendants().not_live().specific()
            if draft.permissions_for_user(request.user).can_publish()
        ]
    return None if all_are_ready(request, pages) else redirect(action.next_url)


@hooks.register("register_admin_urls")
def register_report_urls():
    return [
        path("reports/broken-links/", BrokenLinksReport.as_view(), name="broken_links_report"),
        path(
            "reports/broken-links/results/",
            BrokenLinksReport.as_view(results_only=True),
            name="broken_links_report_results",
        ),
        path("reports/unused-images/", UnusedImagesReport.as_view(), name="unused_images_report"),
        path(
            "reports/unused-images/results/",
            UnusedImagesReport.as_view(results_only=True),
            name="unused_images_report_results",
        ),
    ]


@hooks.register("register_reports_menu_item")
def register_broken_links_report():
    return StaffReportMenuItem(
        BrokenLinksReport.page_title,
        reverse("broken_links_report"),
        name="broken-links",
        icon_name=BrokenLinksReport.header_icon,
        order=1110,
    )


@hooks.register("register_reports_menu_item")
def register_unused_images_report():
    return StaffReportMenuItem(
        UnusedImagesReport.page_title,
        reverse("unused_images_report"),
        name="unused-images",
        icon_name=UnusedImagesReport.header_icon,
        order=1120,
    )
