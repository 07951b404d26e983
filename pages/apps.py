from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = _("Pages")

    def ready(self):
        from django.db.models.signals import post_delete, post_save
        from wagtail.signals import page_published, page_slug_changed, post_page_move, pre_page_move

        from translations.signals import translation_published

        from . import freshness, redirects, surroundings

        page_slug_changed.connect(redirects.keep_paths_after_rename)
        post_page_move.connect(redirects.keep_paths_after_move)
        page_published.connect(redirects.free_paths_of_published)

        pre_page_move.connect(freshness.note_path_before_move)
        post_page_move.connect(freshness.note_move)
        for signal in (post_save, post_delete):
            signal.connect(freshness.note_restriction, dispatch_uid="note_restriction")
        post_save.connect(freshness.note_collection, dispatch_uid="note_collection")

        for signal in (post_save, post_delete, page_slug_changed, post_page_move, translation_published):
            signal.connect(surroundings.renew_after, dispatch_uid="surroundings")
