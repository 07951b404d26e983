"""When what visitors read on a page changed, with the articles and milestones that it lists."""

from datetime import datetime
from functools import cached_property

from django.contrib.contenttypes.models import ContentType

from caching import tags
from milestones.models import NEWEST_MILESTONES, Milestone, MilestonesPage
from news.models import ARTICLES_PER_PAGE, NEWEST_ARTICLES, NewsIndexPage, NewsPage
from pages.models import BasePage, HomePage
from translations.languages import Language, all_languages


class Changes:
    """What pages list, read once for all of them, in one query a kind."""

    @cached_property
    def articles(self) -> list[NewsPage]:
        """The newest that can be read in each language, as many as open the list of news, newest first."""
        newest = (
            NewsPage.objects.visible().in_language(language).newest_first()[:ARTICLES_PER_PAGE]
            for language in all_languages()
        )
        found = list(NewsPage.objects.any_of(*newest).newest_first().without_texts())
        tags.shows("list:news.newspage", *(f"page:{article.pk}" for article in found))
        return found

    @cached_property
    def milestones(self) -> list[Milestone]:
        tags.shows("list:milestones.milestone")
        return list(Milestone.objects.live().newest_first())

    @cached_property
    def types(self) -> dict[int, type[BasePage]]:
        """The types of pages that list something, by the numbers that every page knows of its own."""
        types = ContentType.objects.get_for_models(HomePage, NewsIndexPage, MilestonesPage)
        return {content_type.pk: model for model, content_type in types.items()}

    def type_of(self, page: BasePage) -> type[BasePage] | None:
        return type(page) if type(page) is not BasePage else self.types.get(page.content_type_id)

    def articles_on(self, page: BasePage, language: Language) -> list[NewsPage]:
        model = self.type_of(page)
        if model not in {HomePage, NewsIndexPage}:
            return []
        found = [article for article in self.articles if article.is_public_in(language)]
        if model is HomePage:
            return found[:NEWEST_ARTICLES]
        return [article for article in found if article.path.startswith(page.path)][:ARTICLES_PER_PAGE]

    def milestones_on(self, page: BasePage, language: Language) -> list[Milestone]:
        model = self.type_of(page)
        if model not in {HomePage, MilestonesPage}:
            return []
        found = [milestone for milestone in self.milestones if milestone.is_public_in(language)]
        return found[:NEWEST_MILESTONES] if model is HomePage else found

    def modified_in(self, page: BasePage, language: Language) -> datetime:
        shown = [page, *self.articles_on(page, language), *self.milestones_on(page, language)]
        return max(record.modified_in(language) for record in shown)
