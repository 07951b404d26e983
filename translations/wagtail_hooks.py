"""What the room adds to Wagtail's admin."""

from django.templatetags.static import static
from django.urls import include, path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from . import admin_urls


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
        ("translations.withdraw", _("Withdraw translation"), _("Translation withdrawn")),
    ):
        actions.register_action(action, label, message)


@hooks.register("insert_global_admin_css")
def translating_styles():
    return format_html('<link rel="stylesheet" href="{}">', static("css/translating.css"))


@hooks.register("insert_global_admin_js")
def language_switch_script():
    return format_html('<script src="{}" defer></script>', static("js/language-switch.js"))
