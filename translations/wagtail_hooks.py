"""What the room adds to Wagtail's admin."""

from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from . import admin_urls
from .home import AheadPanel, WaitingPanel
from .models import Term
from .rights import translated_by
from .views.glossary import GlossaryPermissionPolicy, TermViewSet

register_permission_policy(Term, GlossaryPermissionPolicy(Term), exact_class=True)
register_snippet(TermViewSet)


@hooks.register("register_admin_urls")
def register_admin_urls():
    return [path("translations/", include(admin_urls, namespace="translations"))]


@hooks.register("register_log_actions")
def register_log_actions(actions):
    """The steps of a translation, in the history of its record."""
    for action, label, message in (
        ("translations.save", _("Save translation"), _("Translation saved")),
        ("translations.submit", _("Send translation to review"), _("Translation sent to review")),
        ("translations.approve", _("Approve translation"), _("Translation approved")),
        ("translations.approve_again", _("Approve translation again"), _("Translation approved again")),
        ("translations.send_back", _("Return translation"), _("Translation returned")),
        ("translations.restore", _("Restore translation"), _("Translation restored")),
        ("translations.withdraw", _("Withdraw translation"), _("Translation withdrawn")),
    ):
        actions.register_action(action, label, message)


@hooks.register("insert_global_admin_css")
def translating_styles():
    return format_html('<link rel="stylesheet" href="{}">', static("css/translating.css"))


@hooks.register("insert_global_admin_css")
def aids_styles():
    return format_html('<link rel="stylesheet" href="{}">', static("css/aids.css"))


@hooks.register("insert_global_admin_js")
def language_switch_script():
    return format_html('<script src="{}" defer></script>', static("js/language-switch.js"))


@hooks.register("register_admin_menu_item")
def register_translations_menu():
    """The menu under which all that concerns translations stands."""
    menu = Menu(register_hook_name="register_translations_menu_item")
    return SubmenuMenuItem(_("Translations"), menu, name="translations", icon_name="globe", order=270)


@hooks.register("register_translations_menu_item")
def register_overview_menu_item():
    return MenuItem(
        _("Overview"),
        reverse("translations:overview"),
        name="translation-overview",
        icon_name="table",
        order=10,
    )


@hooks.register("register_translations_menu_item")
def register_export_menu_item():
    return MenuItem(
        _("Export for translators"),
        reverse("translations:export"),
        name="translation-export",
        icon_name="download",
        order=30,
    )


class ImportMenuItem(MenuItem):
    def is_shown(self, request):
        return bool(translated_by(request.user))


@hooks.register("register_translations_menu_item")
def register_import_menu_item():
    return ImportMenuItem(
        _("Import translations"),
        reverse("translations:import"),
        name="translation-import",
        icon_name="upload",
        order=40,
    )


@hooks.register("construct_homepage_panels")
def add_translation_panels(request, panels):
    panels += [WaitingPanel(request.user), AheadPanel(request.user)]
