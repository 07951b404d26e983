from modeltranslation.translator import TranslationOptions, register

from .models import Milestone, MilestonesPage


@register(Milestone)
class MilestoneTranslation(TranslationOptions):
    fields = ("text",)
    required_languages = ("en",)
    empty_values = None


@register(MilestonesPage)
class MilestonesPageTranslation(TranslationOptions):
    fields = ("body",)
    empty_values = None
