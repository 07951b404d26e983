"""Changes of pages that no save of a page tells of: moves, private sections, sites."""

from django.db import transaction
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction, Site, get_page_models

from caching.journal import EVERYTHING, changed

from .models import BasePage
from .site import SURROUNDINGS


def lists_of_pages() -> set[str]:
    return {f"list:{model._meta.label_lower}" for model in get_page_models()}


def note_path_before_move(instance, **kwargs) -> None:
    """For `pre_page_move`: afterwards nobody knows where the page was."""
    _paths_before_move[instance.pk] = instance.path


_paths_before_move: dict[int, str] = {}


def note_move(instance, parent_page_before, parent_page_after, **kwargs) -> None:
    """For `post_page_move`. A page between others moves all that come after it, with all below them."""
    before = _paths_before_move.pop(instance.pk, None)
    after = BasePage.objects.get(pk=instance.pk)
    parents = {parent_page_before.path, parent_page_after.path}
    moved = {f"at:{path}" for path in (before, after.path) if path}
    is_last = not after.get_siblings().filter(path__gt=after.path).exists()
    if not is_last or parent_page_before.pk == parent_page_after.pk:
        moved |= {f"at:{path}" for path in parents}
    # The parent itself may have got another path.
    moved |= {f"children:{path}" for path in parents} | {f"children:{after.path[: -after.steplen]}"}
    label = (instance.specific_class or BasePage)._meta.label_lower
    # It may have come under a private page.
    changed(
        *moved, *lists_of_pages(), "pages", f"placed:{label}:{instance.pk}", f"page:{instance.pk}",
        f"listed:{instance.pk}", f"base:{instance.pk}", SURROUNDINGS, withdraws=True,
    )  # fmt: skip


def note_restriction(instance, **kwargs) -> None:
    """For a private page's restriction that was saved or deleted."""
    if isinstance(instance, PageViewRestriction):
        page = BasePage.objects.filter(pk=instance.page_id).first()
        if page is not None:
            label = (page.specific_class or BasePage)._meta.label_lower
            changed(
                f"at:{page.path}", f"children:{page.path[: -page.steplen]}", *lists_of_pages(), "pages",
                "news:newest", f"placed:{label}:{page.pk}", SURROUNDINGS, withdraws=True,
            )  # fmt: skip
    elif isinstance(instance, CollectionViewRestriction):
        changed("collections", withdraws=True)
    elif isinstance(instance, Site):
        changed(EVERYTHING)


def note_collection(instance, **kwargs) -> None:
    """For `post_save` of a collection: its form then moves it, in the same transaction and with no signal."""
    if isinstance(instance, Collection):
        transaction.on_commit(lambda: changed("collections", withdraws=True))
