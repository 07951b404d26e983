from modeltranslation.translator import TranslationOptions, register

from .models import NewsCategory, NewsIndexPage, NewsPage


@register(NewsCategory)
class NewsCategoryTranslation(TranslationOptions):
    fields = ("name",)
    required_languages = ("en",)
    empty_values = None


@register(NewsIndexPage)
class NewsIndexPageTranslation(TranslationOptions):
    fields = ("body",)
    empty_values = None


@register(NewsPage)
class NewsPageTranslation(TranslationOptions):
    fields = ("summary", "body")
    empty_values = None
