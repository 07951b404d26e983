"""What stands around every page: the settings of the site, its holding page and its lists."""

import re
from datetime import datetime
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Orderable

from translations.forms import TranslatedRecordForm
from translations.languages import column, source_language
from translations.models import TranslatedInPlace
from translations.panels import language_tabs

# The tag of all that is told below; what of it a language's pages show has a tag of its own.
SURROUNDINGS = "surroundings"

LONG_TEXT = {"widget": AdminAutoHeightTextInput}
WEB_ADDRESS = URLValidator(schemes=["http", "https"])
SAFE_ADDRESS = URLValidator(
    schemes=["https"], message=_("Write an address that starts with https://, such as https://example.org/.")
)
# Where the ministries in Beijing keep the two registers of websites.
ICP_REGISTER = "https://beian.miit.gov.cn/"
SECURITY_REGISTER = "https://beian.mps.gov.cn/#/query/webSearch?code="
TELEPHONE = re.compile(r"\+?[0-9][0-9 ()./-]{3,}")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# How long a closed site asks programs to wait where nobody has said when it comes back, in seconds.
USUAL_WAIT = 3600


def source_words(record, name: str) -> str:
    """What a record says in the source language, for checks that mustn't depend on the active one."""
    return getattr(record, column(name, source_language())) or ""


def validate_telephone(value: str) -> None:
    if not TELEPHONE.fullmatch(value):
        raise ValidationError(_("Write figures and spaces alone, with the country first: +86 755 8801 0000."))


def validate_security_contact(value: str) -> None:
    check = SAFE_ADDRESS if "://" in value else validate_email
    try:
        check(value)
    except ValidationError:
        raise ValidationError(
            _("Write an e-mail address, or a web address that starts with https://.")
        ) from None


@register_setting(icon="globe", order=10)
class SiteSettings(TranslatedInPlace, BaseSiteSetting):
    """What stands around every page of a site."""

    class Analytics(models.TextChoices):
        NONE = "none", pgettext_lazy("counting of visits", "None")
        MATOMO = "matomo", "Matomo"
        UMAMI = "umami", "Umami"

    centre_name = models.CharField(
        _("name of the Centre"),
        max_length=255,
        blank=True,
        help_text=_(
            "Stands beside the name UNESCO-ICHEI at the top of every page. Leave empty for the usual name."
        ),
    )
    footer_note = models.TextField(
        _("note at the foot"), blank=True, help_text=_("A sentence or two at the foot of every page.")
    )
    logo = models.ForeignKey(
        "library.CustomImage",
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_(
            "The Centre's own logo; without one, its name stands at the top. Never an emblem of the United "
            "Nations or of UNESCO: their use needs written permission for each case."
        ),
    )
    postal_address = models.TextField(
        _("postal address"), blank=True, help_text=_("As on an envelope, a line for each part.")
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    telephone = models.CharField(
        _("telephone number"),
        max_length=40,
        blank=True,
        validators=[validate_telephone],
        help_text=_("With the country first: +86 755 8801 0000."),
    )
    security_contact = models.CharField(
        _("contact for security"),
        max_length=255,
        blank=True,
        validators=[validate_security_contact],
        help_text=_(
            "Where people report a weakness of the website: an e-mail address, or a web address that starts "
            "with https://. It isn't shown on the pages; programs read it in the file security.txt."
        ),
    )
    icp_number = models.CharField(
        _("ICP filing number"),
        max_length=100,
        blank=True,
        help_text=_(
            "A website that is hosted in mainland China must show its number, such as 粤ICP备12345678号."
        ),
    )
    icp_url = models.URLField(
        _("address of the ICP register"),
        blank=True,
        default=ICP_REGISTER,
        validators=[SAFE_ADDRESS],
        help_text=_("Where the number links to. Leave it as it is."),
    )
    public_security_number = models.CharField(
        _("public security filing number"),
        max_length=100,
        blank=True,
        help_text=_("Such as 粤公网安备 44030402000000号, if the website has one."),
    )
    analytics = models.CharField(
        _("counting of visits"),
        max_length=10,
        choices=Analytics,
        default=Analytics.NONE,
        help_text=_(
            "Off unless you choose a program that the Centre runs on a server of its own. It sets no cookie, "
            "and counts nobody whose browser asks not to be tracked."
        ),
    )
    analytics_address = models.URLField(
        _("address of the counting program"),
        blank=True,
        validators=[SAFE_ADDRESS],
        help_text=_(
            "The folder in which it is installed, such as https://statistics.example.org/. On another host "
            "than this website it counts as a third party: say so on the page about privacy, and tell "
            "whoever runs the server, so that browsers are allowed to load it."
        ),
    )
    analytics_site = models.CharField(
        _("number of this website in the counting program"),
        max_length=40,
        blank=True,
        help_text=_("Matomo calls it “site ID”, a number; Umami calls it “website ID”, figures and letters."),
    )

    base_form_class = TranslatedRecordForm
    edit_handler = language_tabs(
        fields=["centre_name", ("footer_note", LONG_TEXT), ("postal_address", LONG_TEXT)],
        shared=[
            FieldPanel("logo"),
            MultiFieldPanel(
                [FieldPanel("email"), FieldPanel("telephone"), FieldPanel("security_contact")],
                heading=_("Contact"),
            ),
            MultiFieldPanel(
                [FieldPanel("icp_number"), FieldPanel("icp_url"), FieldPanel("public_security_number")],
                heading=_("Filing numbers in China"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("analytics"),
                    FieldPanel("analytics_address"),
                    FieldPanel("analytics_site"),
                ],
                heading=_("Counting visits"),
            ),
        ],
    )

    class Meta:
        verbose_name = _("site settings")

    def __str__(self):
        return str(_("Site settings"))

    def clean(self):
        super().clean()
        if self.analytics == self.Analytics.NONE:
            return
        errors = {}
        if not self.analytics_address:
            errors["analytics_address"] = _("Say where the counting program is, or choose “None” above.")
        if self.analytics == self.Analytics.MATOMO and not self.analytics_site.isdecimal():
            errors["analytics_site"] = _("Matomo's site ID is a number, such as 1.")
        if self.analytics == self.Analytics.UMAMI and not UUID.fullmatch(self.analytics_site):
            errors["analytics_site"] = _(
                "Umami's website ID looks like 94db1cb1-74f4-4a40-ad6c-962362670409: copy it from Umami."
            )
        if errors:
            raise ValidationError(errors)

    @property
    def has_contact(self) -> bool:
        return bool(self.localize("postal_address") or self.email or self.telephone)

    @property
    def telephone_link(self) -> str:
        """The number as RFC 3966 has it in an address."""
        return "tel:" + re.sub(r"[^+0-9]", "", self.telephone)

    @property
    def security_contact_address(self) -> str:
        """The value of the line "Contact" in security.txt (RFC 9116, 2.5.3); empty without one."""
        contact = self.security_contact
        return contact if "://" in contact or not contact else f"mailto:{contact}"

    @property
    def icp_address(self) -> str:
        return self.icp_url or ICP_REGISTER

    @property
    def public_security_url(self) -> str:
        """The entry of this site in the register, which knows it by the figures of its number."""
        figures = re.search(r"\d{8,}", self.public_security_number)
        return f"{SECURITY_REGISTER}{figures[0]}" if figures else SECURITY_REGISTER.partition("#")[0]

    @property
    def analytics_folder(self) -> str:
        """The address of the counting program with a slash at its end; empty if nothing counts."""
        if self.analytics == self.Analytics.NONE or not self.analytics_address:
            return ""
        return self.analytics_address.rstrip("/") + "/"

    @property
    def analytics_origin(self) -> str:
        """The origin that a Content-Security-Policy must allow for scripts, connections and pictures."""
        parts = urlsplit(self.analytics_folder)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


@register_setting(icon="warning", order=11)
class HoldingPage(TranslatedInPlace, BaseSiteSetting):
    """Says that the site isn't ready: above every page, or in the place of all of them."""

    class Mode(models.TextChoices):
        OFF = "off", pgettext_lazy("holding page", "Off")
        BANNER = "banner", _("A banner above every page")
        CLOSED = "closed", _("The whole site is closed: visitors see these words and nothing else")

    mode = models.CharField(
        pgettext_lazy("holding page", "shown as"),
        max_length=10,
        choices=Mode,
        default=Mode.OFF,
        help_text=_("While the site is closed, people who are signed in here still see everything."),
    )
    title = models.CharField(
        _("title"),
        max_length=255,
        blank=True,
        help_text=_("Leave empty for the usual words, “The site is currently under configuration”."),
    )
    text = models.CharField(
        pgettext_lazy("holding page", "second line"),
        max_length=500,
        blank=True,
        help_text=_("Stands below the title, such as “Will be available soon......”."),
    )
    back_at = models.DateTimeField(
        _("back at"),
        null=True,
        blank=True,
        help_text=_(
            "When the site is expected back. Visitors are told, and so are search engines. It doesn't open "
            "by itself: choose “Off” when the work is done."
        ),
    )

    base_form_class = TranslatedRecordForm
    edit_handler = language_tabs(
        fields=[("title", {"placeholder": False}), "text"], shared=[FieldPanel("mode"), FieldPanel("back_at")]
    )

    class Meta:
        verbose_name = _("holding page")

    def __str__(self):
        return str(_("Holding page"))

    @property
    def is_banner(self) -> bool:
        return self.mode == self.Mode.BANNER

    @property
    def is_closed(self) -> bool:
        return self.mode == self.Mode.CLOSED

    @property
    def expected(self) -> datetime | None:
        """When the site is expected back, as long as that has not gone by."""
        return self.back_at if self.back_at and self.back_at > timezone.now() else None

    @property
    def retry_after(self) -> int:
        """In how many seconds a program may ask again (RFC 9110, 10.2.3)."""
        if self.expected is None:
            return USUAL_WAIT
        return max(1, round((self.expected - timezone.now()).total_seconds()))


class SiteItem(Orderable):
    """An entry of one of the lists around the pages.

    All lists share a table, so that one query fetches them with what each of them has besides.
    """

    url = models.URLField(_("web address"), blank=True, max_length=500, validators=[WEB_ADDRESS])
    page = models.ForeignKey(
        "pages.BasePage",
        verbose_name=_("page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    picture = models.ForeignKey(
        "library.CustomImage",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"


class FooterLink(TranslatedInPlace, SiteItem):
    """A link at the foot of every page, to a page of the site or to another website."""

    label = models.CharField(_("words of the link"), max_length=100)

    base_form_class = TranslatedRecordForm
    edit_handler = language_tabs(
        fields=["label"],
        shared=[
            FieldPanel("page", help_text=_("A page of this website. It is left out while it isn't public.")),
            FieldPanel("url", help_text=_("Or an address elsewhere, such as https://www.unesco.org/.")),
        ],
    )

    class Meta:
        verbose_name = _("link at the foot")
        verbose_name_plural = _("links at the foot")

    def __str__(self):
        return str(self.localize("label"))

    def clean(self):
        super().clean()
        if bool(self.page) == bool(self.url):
            raise ValidationError({"url": _("Choose a page or write a web address: one of the two.")})


class SocialProfile(TranslatedInPlace, SiteItem):
    """A presence of the Centre on a service of others."""

    class Service(models.TextChoices):
        WECHAT = "wechat", _("WeChat")
        WEIBO = "weibo", _("Weibo")
        BILIBILI = "bilibili", _("Bilibili")
        DOUYIN = "douyin", _("Douyin")
        X = "x", "X"
        FACEBOOK = "facebook", "Facebook"
        INSTAGRAM = "instagram", "Instagram"
        LINKEDIN = "linkedin", "LinkedIn"
        YOUTUBE = "youtube", "YouTube"
        OTHER = "other", pgettext_lazy("social media", "Other")

    service = models.CharField(_("service"), max_length=20, choices=Service)
    label = models.CharField(
        pgettext_lazy("social media", "own name"),
        max_length=100,
        blank=True,
        help_text=_("Only for a service that the list doesn't have: its name, as visitors read it."),
    )
    account = models.CharField(
        _("name of the account"), max_length=100, blank=True, help_text=_("For WeChat: UNESCO-ICHEI.")
    )

    base_form_class = TranslatedRecordForm
    edit_handler = language_tabs(
        fields=["label"],
        shared=[
            FieldPanel("service"),
            FieldPanel("url", help_text=_("The address of the Centre's profile. WeChat has none.")),
            MultiFieldPanel(
                [
                    FieldPanel("account"),
                    FieldPanel(
                        "picture", help_text=_("The QR code of the account, which visitors scan with WeChat.")
                    ),
                ],
                heading=_("For WeChat"),
            ),
        ],
    )

    class Meta:
        verbose_name = _("social media profile")
        verbose_name_plural = _("social media profiles")

    def __str__(self):
        if self.service == self.Service.OTHER:
            return str(self.localize("label"))
        return str(self.get_service_display())

    def clean(self):
        super().clean()
        errors = {}
        if self.service == self.Service.OTHER and not source_words(self, "label"):
            errors[column("label", source_language())] = _("Give the name of this service.")
        if self.service == self.Service.WECHAT:
            if self.url:
                errors["url"] = _("WeChat has no web address: give the QR code and the name of the account.")
            elif not self.picture or not self.account:
                errors["picture"] = _("WeChat needs the QR code and the name of the account.")
        elif self.service and not self.url:
            errors["url"] = _("Give the web address of the profile.")
        if errors:
            raise ValidationError(errors)

    @property
    def has_own_label(self) -> bool:
        return self.service == self.Service.OTHER

    def facts_for_translators(self):
        return [(_("Service"), self.get_service_display()), (_("Web address"), self.url)]


class Partner(TranslatedInPlace, SiteItem):
    """An organisation whose logo stands at the foot of every page."""

    name = models.CharField(
        _("name"), max_length=255, help_text=_("Is read out in the place of the logo, and shown without one.")
    )

    base_form_class = TranslatedRecordForm
    edit_handler = language_tabs(
        fields=["name"],
        shared=[
            FieldPanel(
                "picture",
                help_text=_(
                    "The partner's logo, with its permission. Never an emblem of the United Nations or of "
                    "UNESCO."
                ),
            ),
            FieldPanel("url", help_text=_("The partner's website, if the logo is to lead there.")),
        ],
    )

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")

    def __str__(self):
        return str(self.localize("name"))

    def clean(self):
        super().clean()
        if not self.picture:
            raise ValidationError({"picture": _("Choose the partner's logo.")})

    def facts_for_translators(self):
        return [(_("Picture"), self.picture), (_("Web address"), self.url)]


class Announcement(TranslatedInPlace, SiteItem):
    """A message above the pages, from a set time to a set time."""

    class Level(models.TextChoices):
        INFORMATION = "information", _("Information")
        WARNING = "warning", pgettext_lazy("announcement", "Warning")

    class Place(models.TextChoices):
        EVERYWHERE = "everywhere", _("Above every page")
        HOME = "home", _("Above the home page alone")

    title = models.CharField(_("title"), max_length=255)
    text = models.TextField(_("text"), blank=True, help_text=_("A sentence or two."))
    level = models.CharField(
        pgettext_lazy("announcement", "kind"), max_length=20, choices=Level, default=Level.INFORMATION
    )
    place = models.CharField(
        pgettext_lazy("announcement", "shown"), max_length=20, choices=Place, default=Place.EVERYWHERE
    )
    starts = models.DateTimeField(
        pgettext_lazy("announcement", "from"), null=True, blank=True, help_text=_("Empty: at once.")
    )
    ends = models.DateTimeField(
        pgettext_lazy("announcement", "until"),
        null=True,
        blank=True,
        help_text=_("Empty: until you delete the announcement or set an end."),
    )

    base_form_class = TranslatedRecordForm
    edit_handler = language_tabs(
        fields=["title", ("text", LONG_TEXT)],
        shared=[
            FieldRowPanel([FieldPanel("starts"), FieldPanel("ends")], heading=_("When")),
            FieldPanel("level"),
            FieldPanel("place"),
            MultiFieldPanel(
                [
                    FieldPanel("page", help_text=_("The title leads to this page of the website.")),
                    FieldPanel("url", help_text=_("Or to this address elsewhere.")),
                ],
                heading=_("Where the title leads, if anywhere"),
            ),
        ],
    )

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")

    def __str__(self):
        return str(self.localize("title"))

    def clean(self):
        super().clean()
        errors = {}
        if self.page and self.url:
            errors["url"] = _("Choose a page or write a web address: one of the two.")
        if self.starts and self.ends and self.ends <= self.starts:
            errors["ends"] = _("The end must come after the start.")
        if errors:
            raise ValidationError(errors)

    def is_current(self, now: datetime | None = None) -> bool:
        """Whether visitors see it at a moment: from its start on, and no longer at its end."""
        now = now or timezone.now()
        return (self.starts is None or self.starts <= now) and (self.ends is None or now < self.ends)

    @property
    def is_warning(self) -> bool:
        return self.level == self.Level.WARNING
