from modeltranslation.translator import TranslationOptions, register

from .models import Milestone, MilestonesPage, MilestoneTheme


@register(MilestoneTheme)
class MilestoneThemeTranslation(TranslationOptions):
    fields = ("name",)
    required_languages = ("en",)
    empty_values = None


@register(Milestone)
class MilestoneTranslation(TranslationOptions):
    fields = ("text",)
    required_languages = ("en",)
    empty_values = None


@register(MilestonesPage)
class MilestonesPageTranslation(TranslationOptions):
    fields = ("body",)
    empty_values = None
