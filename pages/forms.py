from translations.forms import TranslatedPageForm

from .readiness import pictures_without_words


class PageForm(TranslatedPageForm):
    """The form of a page; what is published or sent for approval needs words for its pictures."""

    def _post_clean(self):
        super()._post_clean()
        # Only now does the page hold what was typed. A draft may wait for its words.
        if not self.is_deferred_validation:
            for sentence in pictures_without_words(self.instance):
                self.add_error(None, sentence)
