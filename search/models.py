"""The index: a row for each record and language, its words apart from it, and the words of each language."""

from django.db import models

from pages.models import BasePage


class Entry(models.Model):
    """A record as it is found in one language. Kept small: counts go through many of them."""

    # The record: the label of its model and its number.
    label = models.CharField(max_length=100)
    object_id = models.PositiveBigIntegerField()
    language = models.CharField(max_length=10)

    kind = models.CharField(max_length=30)
    year = models.PositiveSmallIntegerField(null=True)
    date = models.DateField(null=True)
    date_in_words = models.CharField(max_length=255, blank=True)
    # Where it is read. Its address is asked of the page, so that no move and no new slug can make it wrong.
    page = models.ForeignKey(BasePage, on_delete=models.CASCADE, related_name="+")
    anchor = models.CharField(max_length=100, blank=True)
    title = models.TextField(blank=True)
    # Of all that was analysed and of the analysis itself.
    digest = models.CharField(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["label", "object_id", "language"], name="search_entry_of_record")
        ]

    def __str__(self):
        return f"{self.label}:{self.object_id} ({self.language})"


class EntryText(models.Model):
    """The words of an entry as they are shown, and as terms.

    The database keeps its own index of the terms (see the migrations): FTS5 on SQLite, on PostgreSQL a
    tsvector.
    """

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, primary_key=True, related_name="text")
    # The summary and the body, line by line.
    shown = models.TextField(blank=True)
    # Terms with a space between them, each with its language in front.
    title_terms = models.TextField(blank=True)
    summary_terms = models.TextField(blank=True)
    body_terms = models.TextField(blank=True)
    # The terms of the title once more, and its words as they are typed, to be found as such.
    heads = models.TextField(blank=True)

    def __str__(self):
        return f"text of {self.entry_id}"


class Word(models.Model):
    """A word that the site uses in a language, or a pair of Chinese signs; in how many entries it stands."""

    language = models.CharField(max_length=10)
    word = models.CharField(max_length=60)
    # Without accents; what people type is compared with this.
    folded = models.CharField(max_length=60)
    term = models.CharField(max_length=60)
    count = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "word"], name="search_word_of_language")]
        indexes = [
            models.Index(fields=["language", "term"], name="search_word_term"),
            models.Index(fields=["language", "folded"], name="search_word_folded"),
        ]

    def __str__(self):
        return f"{self.word} ({self.language}): {self.count}"
