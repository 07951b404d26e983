from django.utils import translation
from wagtail import hooks

from translations.languages import column, current_language, source_language


@hooks.register("after_copy_page")
def keep_copied_title_in_its_language(request, page, new_page):
    """Puts the title that was typed into the copy form into the language in which the form showed it.

    Wagtail writes it into the language of the admin. Where the page has no title in that language, the form
    showed the source's: then the typed title is the source's too, and the translation stays empty.
    """
    language, source = current_language(), source_language()
    own_title, source_title = column("title", language), column("title", source)
    if language == source or getattr(page.specific, own_title):
        return
    copy = new_page.specific.get_latest_revision_as_object()
    setattr(copy, source_title, getattr(copy, own_title) or getattr(copy, source_title))
    setattr(copy, own_title, None)
    with translation.override(source.code):
        copy.draft_title = copy.title
        copy.save(clean=False)
        revision = copy.latest_revision
        revision.content = copy.serializable_data()
        revision.object_str = str(copy)
        revision.save(update_fields=["content", "object_str"])
