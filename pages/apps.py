from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = _("Pages")

    def ready(self):
        from wagtail.signals import page_published, page_slug_changed, post_page_move

        from . import redirects

        page_slug_changed.connect(redirects.keep_paths_after_rename)
        post_page_move.connect(redirects.keep_paths_after_move)
        page_published.connect(redirects.free_paths_of_published)
