"""Staff who edit the site at random, with a fixed seed: everything that may change what visitors read."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from itertools import count

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction, Site

from contact.models import ContactPage
from ichei_site.schedule import publish_due
from library.models import CustomDocument, CustomImage
from milestones.dates import FuzzyDate, Precision
from milestones.models import Milestone, MilestoneTheme
from news.models import NewsCategory, NewsIndexPage, NewsPage
from pages.models import AboutPage, BasePage, CentreFunction, ContentPage, FoundingFact, FunctionsPage
from pages.site import Announcement, FooterLink, HoldingPage, Partner, SiteSettings, SocialProfile
from tests.translating import approve
from translations.languages import column, get_language, target_languages
from translations.workflow import withdraw

LEADS = ("lead", "summary", "introduction", "headline", "form_introduction")


class RandomStaff:
    """Does one edit at a time, and says in a few words what it was."""

    def __init__(self, seed: int):
        self.chance = random.Random(seed)
        self.number = count(1)
        self.site = Site.objects.get()
        self.director = get_user_model().objects.create_superuser(f"staff-{seed}")
        self.edits: list[Callable[[], str]] = [
            getattr(self, name) for name in dir(self) if name.startswith("edit_")
        ]

    def do_something(self) -> str:
        edit = self.chance.choice(self.edits)
        return f"{edit.__name__.removeprefix('edit_').replace('_', ' ')}: {edit()}"

    # Choices ----------------------------------------------------------------------------------------------

    def words(self) -> str:
        return f"Words {next(self.number)} of {self.chance.randrange(10**6)}"

    def some(self, queryset):
        return self.chance.choice(list(queryset.order_by("pk")) or [None])

    def page(self, **conditions):
        found = self.some(BasePage.objects.filter(**{"depth__gt": 1} | conditions))
        return found.specific if found else None

    def article(self, **conditions):
        return self.some(NewsPage.objects.filter(**conditions))

    def language(self):
        return self.chance.choice(list(target_languages()))

    def translate(self, record, languages) -> None:
        """Fills in the translated words and approves them."""
        for language in languages:
            for name in ("title", "summary", "text", "name", "label"):
                if hasattr(record, column(name, language)):
                    setattr(record, column(name, language), f"{self.words()} in {language.code}")
        if languages:
            approve(record, *(language.code for language in languages))

    def some_languages(self):
        return [language for language in target_languages() if self.chance.random() < 0.5]

    # Pages ------------------------------------------------------------------------------------------------

    def edit_words_of_page(self) -> str:
        page = self.page(live=True)
        name = next((name for name in LEADS if hasattr(page, name)), "title")
        setattr(page, column(name, get_language("en")), self.words())
        page.save_revision().publish()
        return f"{name} of {page.url_path}"

    def edit_title(self) -> str:
        page = self.page(live=True)
        page.title_en = page.title = self.words()
        page.save_revision().publish()
        return page.url_path

    def edit_draft(self) -> str:
        page = self.page()
        page.title_en = page.title = self.words()
        page.save_revision()
        return page.url_path

    def edit_description_for_machines(self) -> str:
        page = self.page(live=True)
        page.search_description_en = self.words()
        page.save_revision().publish()
        return page.url_path

    def edit_text_of_article(self) -> str:
        article = self.article(live=True)
        if article is None:
            return "none"
        article.body_en.append(("text", f"<p>{self.words()}</p>"))
        article.save_revision().publish()
        return article.url_path

    def edit_unpublished(self) -> str:
        page = self.page(live=True, depth__gt=2)
        page.unpublish()
        return page.url_path

    def edit_published_again(self) -> str:
        page = self.page(live=False)
        if page is None:
            return "none"
        page.save_revision().publish()
        return page.url_path

    def edit_slug(self) -> str:
        page = self.page(depth__gt=2)
        page.slug = f"slug-{next(self.number)}"
        page.save_revision().publish()
        return page.url_path

    def edit_moved(self) -> str:
        page = self.some(ContentPage.objects.all())
        if page is None:
            return "none"
        home, about = BasePage.objects.get(depth=2), AboutPage.objects.first()
        target = self.chance.choice([home, about])
        page.move(target, pos=self.chance.choice(["first-child", "last-child"]))
        return f"{page.slug} to {target.slug}"

    def edit_order_of_sections(self) -> str:
        first, second = self.chance.sample(list(BasePage.objects.filter(depth=3)), 2)
        first.specific.move(second, pos=self.chance.choice(["left", "right"]))
        return f"{first.slug} beside {second.slug}"

    def edit_new_plain_page(self) -> str:
        parents = BasePage.objects.filter(depth__in=(2, 3), numchild__gt=0).not_type(NewsIndexPage)
        parent = self.some(parents)
        page = ContentPage(
            title=self.words(), slug=f"plain-{next(self.number)}", show_in_menus=self.chance.random() < 0.3
        )
        page.title_en = page.title
        parent.add_child(instance=page)
        page.save_revision().publish()
        return page.url_path

    def edit_menu(self) -> str:
        page = self.page(depth__in=(3, 4))
        page.show_in_menus = not page.show_in_menus
        page.save_revision().publish()
        return page.url_path

    def edit_private(self) -> str:
        page = self.page(depth__gt=2)
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
        return page.url_path

    def edit_public_again(self) -> str:
        PageViewRestriction.objects.all().delete()
        return "all"

    def edit_deleted(self) -> str:
        page = self.some(ContentPage.objects.all())
        if page is None:
            return "none"
        page.delete()
        return page.slug

    def edit_functions(self) -> str:
        page = FunctionsPage.objects.first()
        functions = list(page.functions.all())
        if functions and self.chance.random() < 0.3:
            functions.pop()
        else:
            functions.append(CentreFunction(name=self.words(), name_en=self.words(), text_en=self.words()))
        page.functions.set(functions)
        page.save_revision().publish()
        return f"{len(functions)}"

    def edit_facts(self) -> str:
        page = AboutPage.objects.first()
        facts = list(page.facts.all())[:3]
        page.facts.set([*facts, FoundingFact(term_en=self.words(), detail_en=self.words())])
        page.save_revision().publish()
        return "one"

    def edit_scheduled(self) -> str:
        page = self.page(depth__gt=2)
        page.title_en = page.title = self.words()
        page.go_live_at = timezone.now() - timedelta(seconds=1)
        revision = page.save_revision(approved_go_live_at=page.go_live_at)
        publish_due(timezone.now())
        return f"{page.url_path} by revision {revision.pk}"

    def edit_expired(self) -> str:
        page = self.page(live=True, depth__gt=2)
        BasePage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(seconds=1))
        publish_due(timezone.now())
        return page.url_path

    # Translations -----------------------------------------------------------------------------------------

    def edit_approval(self) -> str:
        page = self.page(live=True)
        languages = self.some_languages()
        self.translate(page, languages)
        return f"{page.url_path} in {[language.code for language in languages]}"

    def edit_approval_withdrawn(self) -> str:
        page, language = self.page(live=True), self.language()
        approve(page, language.code)
        withdraw(page, language, self.director)
        return f"{page.url_path} in {language.code}"

    # News -------------------------------------------------------------------------------------------------

    def some_date(self) -> FuzzyDate:
        day, precision = self.some_day(), self.chance.choice(list(Precision))
        if precision is not Precision.DAY:
            day = day.replace(day=1)
        if precision is Precision.YEAR:
            day = day.replace(month=1)
        return FuzzyDate(day, precision=precision)

    def some_day(self) -> date:
        return date(2015, 1, 1) + timedelta(days=self.chance.randrange(4300))

    def edit_new_article(self) -> str:
        index = NewsIndexPage.objects.first()
        article = NewsPage(
            title=self.words(), slug=f"article-{next(self.number)}", date=self.some_day(),
            category=self.some(NewsCategory.objects.all()), lead_image=self.some(CustomImage.objects.all()),
        )  # fmt: skip
        article.title_en, article.summary_en = article.title, self.words()
        index.add_child(instance=article)
        article.save_revision().publish()
        self.translate(article, self.some_languages())
        return f"{article.slug} of {article.date}"

    edit_another_article = edit_new_article

    def edit_date_of_article(self) -> str:
        article = self.article()
        article.date = self.some_day()
        article.save_revision().publish()
        return f"{article.slug}: {article.date}"

    def edit_category_of_article(self) -> str:
        article = self.article()
        article.category = self.chance.choice([None, *NewsCategory.objects.all()])
        article.save_revision().publish()
        return f"{article.slug}: {article.category}"

    def edit_article_deleted(self) -> str:
        if NewsPage.objects.count() < 5:
            return "too few"
        article = self.article()
        article.delete()
        return article.slug

    def edit_name_of_category(self) -> str:
        record = self.some(self.chance.choice([NewsCategory, MilestoneTheme]).objects.all())
        record.name_en = self.words()[:100]
        record.save()
        return str(record)

    # Milestones -------------------------------------------------------------------------------------------

    def edit_new_milestone(self) -> str:
        milestone = Milestone(text_en=self.words(), theme=self.some(MilestoneTheme.objects.all()))
        milestone.moment = self.some_date()
        milestone.save()
        self.translate(milestone, self.some_languages())
        return str(milestone.moment)

    def edit_milestone(self) -> str:
        milestone = self.some(Milestone.objects.all())
        if self.chance.random() < 0.5:
            milestone.moment = FuzzyDate(self.some_day())
        milestone.text_en = self.words()
        milestone.save_revision().publish()
        return str(milestone.pk)

    def edit_milestone_taken_down(self) -> str:
        milestone = self.some(Milestone.objects.filter(live=True))
        self.chance.choice([milestone.unpublish, milestone.delete])()
        return "one"

    # What surrounds pages ---------------------------------------------------------------------------------

    def edit_settings(self) -> str:
        record, _made = SiteSettings.objects.get_or_create(site=self.site)
        if self.chance.random() < 0.5:
            record.email = f"{self.words().replace(' ', '.').lower()}@example.org"
        else:
            record.footer_note_en = self.words()
        record.save()
        return "one"

    def edit_footer_link(self) -> str:
        if FooterLink.objects.count() > 3:
            self.some(FooterLink.objects.all()).delete()
            return "deleted"
        FooterLink.objects.create(label_en=self.words(), page=self.page(live=True))
        return "added"

    def edit_partner(self) -> str:
        if Partner.objects.count() > 2:
            Partner.objects.first().delete()
            return "deleted"
        Partner.objects.create(
            name_en=self.words(), url="https://example.org/", picture=self.some(CustomImage.objects.all())
        )
        return "added"

    def edit_profile(self) -> str:
        if SocialProfile.objects.count() > 1:
            SocialProfile.objects.first().delete()
            return "deleted"
        SocialProfile.objects.create(
            service=SocialProfile.Service.values[0], label_en=self.words(), url="https://example.org/us"
        )
        return "added"

    def edit_announcement(self) -> str:
        if Announcement.objects.count() > 2:
            self.some(Announcement.objects.all()).delete()
            return "deleted"
        now = timezone.now()
        record = Announcement.objects.create(
            title_en=self.words(),
            starts=self.chance.choice([None, now + timedelta(seconds=self.chance.randrange(1, 20))]),
            ends=self.chance.choice([None, now + timedelta(seconds=self.chance.randrange(20, 60))]),
            place=self.chance.choice(Announcement.Place.values),
        )
        return f"from {record.starts} to {record.ends}"

    def edit_holding_page(self) -> str:
        record, _made = HoldingPage.objects.get_or_create(site=self.site)
        modes = HoldingPage.Mode.values
        record.mode = modes[0] if record.is_closed else self.chance.choice(modes)
        record.title_en = self.words()
        record.save()
        return record.mode

    # Library ----------------------------------------------------------------------------------------------

    def edit_picture(self) -> str:
        image = self.some(CustomImage.objects.all())
        image.caption_en = self.words()
        image.alt_en = self.words()
        image.save()
        return image.title

    def edit_document(self) -> str:
        """A document of its own page, in several versions, which may be private."""
        page = self.some(ContentPage.objects.filter(live=True))
        document = CustomDocument.objects.first()
        if document is None:
            document = self.new_document(language="en")
        elif page is None or self.chance.random() < 0.5:
            language = self.language()
            old = CustomDocument.objects.filter(version_of=document, language=language.code).first()
            if old is not None:
                old.delete()
                return f"deleted in {language.code}"
            self.new_document(language=language.code, version_of=document)
            return f"new in {language.code}"
        else:
            document.name_en = self.words()
            document.save()
        if page is not None:
            page.body_en.append(("documents", [document]))
            page.save_revision().publish()
        return f"{document.pk}"

    def new_document(self, **options) -> CustomDocument:
        name = f"paper-{next(self.number)}.txt"
        document = CustomDocument(
            title=name, name_en=self.words(), file=ContentFile(b"words", name), **options
        )
        document.save()
        return document

    def edit_collection(self) -> str:
        root = Collection.get_first_root_node()
        if CollectionViewRestriction.objects.exists():
            CollectionViewRestriction.objects.all().delete()
            return "public"
        CollectionViewRestriction.objects.create(collection=root, restriction_type="login")
        return "private"

    def edit_contact_page(self) -> str:
        page = ContactPage.objects.first()
        page.email = f"{next(self.number)}@example.org"
        page.save_revision().publish()
        return page.email
