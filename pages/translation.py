from modeltranslation.translator import TranslationOptions, register

from .models import (
    AboutPage,
    Announcement,
    BasePage,
    CentreFunction,
    ContentPage,
    DirectorMessagePage,
    FooterLink,
    FoundingFact,
    FunctionsPage,
    HoldingPage,
    HomePage,
    MissionPage,
    Partner,
    SiteSettings,
    SocialProfile,
)


@register(BasePage)
class BasePageTranslation(TranslationOptions):
    fields = ("title", "seo_title", "search_description")
    required_languages = ("en",)
    empty_values = None


@register(HomePage)
class HomePageTranslation(TranslationOptions):
    fields = ("introduction", "mission", "body")
    empty_values = None


@register((AboutPage, MissionPage, ContentPage))
class LeadAndBodyTranslation(TranslationOptions):
    fields = ("lead", "body")
    empty_values = None


@register(DirectorMessagePage)
class DirectorMessagePageTranslation(TranslationOptions):
    fields = ("director_name", "director_role", "headline", "pull_quote", "body")
    empty_values = None


@register(FunctionsPage)
class FunctionsPageTranslation(TranslationOptions):
    fields = ("body", "activities")
    empty_values = None


@register(FoundingFact)
class FoundingFactTranslation(TranslationOptions):
    fields = ("term", "detail")
    required_languages = ("en",)
    empty_values = None


@register(CentreFunction)
class CentreFunctionTranslation(TranslationOptions):
    fields = ("name", "text")
    required_languages = {"en": ("name",)}
    empty_values = None


@register(SiteSettings)
class SiteSettingsTranslation(TranslationOptions):
    fields = ("centre_name", "footer_note", "postal_address")
    empty_values = None


@register(HoldingPage)
class HoldingPageTranslation(TranslationOptions):
    fields = ("title", "text")
    empty_values = None


@register(FooterLink)
class FooterLinkTranslation(TranslationOptions):
    fields = ("label",)
    required_languages = ("en",)
    empty_values = None


@register(SocialProfile)
class SocialProfileTranslation(TranslationOptions):
    fields = ("label",)
    empty_values = None


@register(Partner)
class PartnerTranslation(TranslationOptions):
    fields = ("name",)
    required_languages = ("en",)
    empty_values = None


@register(Announcement)
class AnnouncementTranslation(TranslationOptions):
    fields = ("title", "text")
    required_languages = {"en": ("title",)}
    empty_values = None
