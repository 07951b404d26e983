from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = _("Pages")

    def ready(self):
        from django.db.models.signals import post_delete, post_save
        from wagtail.signals import page_published, page_slug_changed, post_page_move

        from translations.signals import translation_published

        from . import redirects, surroundings

        page_slug_changed.connect(redirects.keep_paths_after_rename)
        post_page_move.connect(redirects.keep_paths_after_move)
        page_published.connect(redirects.free_paths_of_published)

        for signal in (post_save, post_delete, page_slug_changed, post_page_move, translation_published):
            signal.connect(surroundings.renew_after, dispatch_uid="surroundings")
