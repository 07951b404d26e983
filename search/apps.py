from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = pgettext_lazy("part of the website", "Search")

    def ready(self):
        from django.db.models.signals import post_delete, post_save, pre_delete
        from wagtail.models import CollectionViewRestriction, PageViewRestriction
        from wagtail.signals import post_page_move

        from translations.signals import record_saved

        from . import index

        record_saved.connect(index.keep_saved, dispatch_uid="search_keep_saved")
        pre_delete.connect(index.keep_deleted, dispatch_uid="search_keep_deleted")
        post_delete.connect(index.keep_gone, dispatch_uid="search_keep_gone")
        post_page_move.connect(index.keep_moved, dispatch_uid="search_keep_moved")
        for signal in (post_save, post_delete):
            signal.connect(
                index.keep_restricted, sender=PageViewRestriction, dispatch_uid="search_keep_restricted"
            )
            signal.connect(
                index.keep_collection_restricted,
                sender=CollectionViewRestriction,
                dispatch_uid="search_keep_collection_restricted",
            )
