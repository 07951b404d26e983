"""The lists around the pages in the admin: one group of the menu, each list in an order that is dragged."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from translations.columns import LanguageStatesColumn

from .site import Announcement, FooterLink, Partner, SocialProfile


class AnnouncementViewSet(SnippetViewSet):
    model = Announcement
    icon = "bell"
    menu_label = _("Announcements")
    list_display = [
        "__str__",
        Column("starts", label=pgettext_lazy("announcement", "From"), sort_key="starts"),
        Column("ends", label=pgettext_lazy("announcement", "Until"), sort_key="ends"),
        BooleanColumn("is_current", label=_("Shown now")),
        LanguageStatesColumn(),
    ]


class FooterLinkViewSet(SnippetViewSet):
    model = FooterLink
    icon = "link"
    menu_label = _("Links at the foot")
    list_display = [
        "__str__",
        Column("page", label=_("Page")),
        Column("url", label=_("Web address")),
        LanguageStatesColumn(),
    ]

    def get_queryset(self, request):
        return FooterLink.objects.select_related("page")


class SocialProfileViewSet(SnippetViewSet):
    model = SocialProfile
    icon = "site"
    menu_label = _("Social media")
    list_display = ["__str__", Column("url", label=_("Web address")), LanguageStatesColumn()]


class PartnerViewSet(SnippetViewSet):
    model = Partner
    icon = "group"
    menu_label = _("Partners")
    list_display = ["__str__", Column("url", label=_("Web address")), LanguageStatesColumn()]


class SiteViewSetGroup(SnippetViewSetGroup):
    items = (AnnouncementViewSet, FooterLinkViewSet, SocialProfileViewSet, PartnerViewSet)
    menu_label = pgettext_lazy("menu of the admin", "Site")
    menu_icon = "globe"
    menu_order = 270
