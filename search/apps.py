from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = pgettext_lazy("part of the website", "Search")

    def ready(self):
        from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
        from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction
        from wagtail.signals import post_page_move

        from library.models import CustomDocument
        from translations.signals import record_saved

        from . import index

        record_saved.connect(index.keep_saved, dispatch_uid="search_keep_saved")
        pre_save.connect(
            index.keep_before_change, sender=CustomDocument, dispatch_uid="search_keep_before_change"
        )
        pre_delete.connect(index.keep_before_deletion, dispatch_uid="search_keep_before_deletion")
        post_delete.connect(index.keep_after_deletion, dispatch_uid="search_keep_after_deletion")
        post_save.connect(
            index.keep_collection_moved, sender=Collection, dispatch_uid="search_keep_collection_moved"
        )
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
