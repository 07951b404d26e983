"""Every role tries every action, with a form that lacks nothing but the right.

The forms are filled in as an administrator sees them, and hold fields besides that no form has.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Site, Workflow

from contact.models import ContactMessage, ContactPage
from milestones.models import Milestone, MilestoneTheme
from news.models import NewsCategory, NewsIndexPage, NewsPage
from pages.models import (
    AboutPage,
    Announcement,
    ContentPage,
    FooterLink,
    HomePage,
    Partner,
    SiteSettings,
    SocialProfile,
)
from tests.accounts.rights import (
    ADMINISTRATOR,
    ANONYMOUS,
    EDITOR,
    ROLES,
    TRANSLATOR_FR,
    TRANSLATOR_RU,
    actions,
    as_markdown,
)
from tests.admin_forms import form_data
from tests.snapshots import changed, database
from translations import workflow
from translations.exchange.exporting import Format, export
from translations.languages import get_language
from translations.models import Term
from translations.registry import translate_url
from translations.views.editor import fingerprint

pytestmark = pytest.mark.django_db

FRENCH, RUSSIAN = get_language("fr"), get_language("ru")
LANGUAGES = {"French": FRENCH, "Russian": RUSSIAN}
WORDS = {"fr": "Une phrase en français.", "ru": "Предложение на русском языке."}
OTHER = {"fr": "Une autre phrase.", "ru": "Другое предложение."}

# What no form has, and somebody may send all the same.
INTRUDERS = {
    "title_fr": "Intrus",
    "title_ru": "Чужое",
    "name_fr": "Intrus",
    "label_fr": "Intrus",
    "text_fr": "Intrus",
    "description_fr": "Intrus",
    "centre_name_fr": "Intrus",
    "facts-0-term_fr": "Intrus",
    "lead_fr": "Intrus",
    "body_fr-count": "0",
    "translation_status": '{"fr": {"state": "approved", "origin": "human"}}',
    "translation_drafts": '{"fr": {"status": {}, "columns": {"name_fr": "Intrus"}}}',
    "live": "on",
    "is_superuser": "on",
}
INTRUDING = ("Intrus", "Чужое")
# What a visitor wrote.
SECRET = "Words of a visitor"


@pytest.fixture
def people(django_user_model):
    """{role: a browser in which somebody with this role is signed in}."""
    browsers = {}
    for role, group in ROLES.items():
        browsers[role] = Client()
        if role == ANONYMOUS:
            continue
        user = django_user_model.objects.create_user(
            role.lower().replace(" ", "-"), email="a@example.org", is_superuser=role == ADMINISTRATOR
        )
        if group:
            user.groups.add(Group.objects.get(name=group))
        browsers[role].force_login(user)
        browsers[role].user = user
    return browsers


def without_nothing_chosen(data):
    """A browser sends nothing for a list in which nothing is chosen."""
    return {name: value for name, value in data.items() if value or name not in {"groups", "permissions"}}


class Scene:
    """What there is to act on, and the forms for it as an administrator sees them."""

    def __init__(self, people):
        self.admin, self.people = people[ADMINISTRATOR], people
        self.user = self.admin.user
        with translation.override("en"):
            self.home, self.about = HomePage.objects.get(), AboutPage.objects.get()
            self.page = self.home.add_child(
                instance=ContentPage(title_en="A page", slug="a-page", lead_en="A sentence.", owner=self.user)
            )
            self.page.save_revision(user=self.user).publish()
            self.page = ContentPage.objects.get(pk=self.page.pk)

    def form(self, url, **changes):
        """(address, all that the form there sends)."""
        response = self.admin.get(url)
        assert response.status_code == 200, (url, response.status_code)
        translation.activate("en")
        return url, without_nothing_chosen(form_data(response.context["form"])) | INTRUDERS | changes

    def on(self, view, *arguments, **changes):
        return self.form(reverse(view, args=arguments), **changes)

    def bare(self, view, *arguments, **data):
        return reverse(view, args=arguments), data

    def edit(self, page=None, **changes):
        return self.on("wagtailadmin_pages:edit", (page or self.page).pk, **changes)

    def draft(self):
        """A draft of the English that waits."""
        with translation.override("en"):
            work = workflow.working_copy(self.page)
            work.lead_en = "Another sentence."
            return work.save_revision(user=self.user)

    def translated(self, language, *steps, words=WORDS):
        found = workflow.progress(self.page, language).segments
        targets = {segment.id: words[language.code] for segment in found}
        workflow.save_translation(self.page, language, targets, user=self.user)
        for step in steps:
            step(self.page, language, self.user)

    def editor(self, language, action, **data):
        """The page on which a record is translated, filled in."""
        found = workflow.progress(self.page, language).segments
        texts = {f"text:{segment.key}": segment.target or OTHER[language.code] for segment in found}
        texts |= {
            f"base:{segment.key}": f"{segment.digest}.{fingerprint(segment.target)}" for segment in found
        }
        return translate_url(self.page, language), texts | INTRUDERS | {"action": action} | data

    def bulk(self, action, page, **data):
        query = f"?id={page.pk}&next={reverse('wagtailadmin_home')}"
        return reverse("wagtail_bulk_action", args=["pages", "basepage", action]) + query, data

    def file(self, language):
        self.translated(language)
        made = export([self.page], [language], Format.XLIFF_1_2).content.decode()
        return made.replace(WORDS[language.code], OTHER[language.code]).encode()


# How to act: each takes the scene and returns an address and what is sent there. ------------------------


def save(language):
    return lambda scene: scene.editor(language, "save")


def send(language):
    def prepare(scene):
        scene.translated(language)
        return scene.editor(language, "submit")

    return prepare


def approve(language):
    def prepare(scene):
        scene.translated(language, workflow.submit)
        return scene.editor(language, "approve")

    return prepare


def outdated(scene):
    scene.translated(FRENCH, workflow.approve)
    scene.draft().publish()
    return scene.editor(FRENCH, "approve-again")


def give_back(scene):
    scene.translated(FRENCH, workflow.submit)
    return scene.editor(FRENCH, "return", note="Look again.")


def out_of_review(scene):
    scene.translated(FRENCH, workflow.submit)
    return scene.editor(FRENCH, "withdraw")


def approval_back(scene):
    scene.translated(FRENCH, workflow.approve)
    return scene.editor(FRENCH, "withdraw")


def restore_words(scene):
    scene.translated(FRENCH)
    old = ContentPage.objects.get(pk=scene.page.pk).latest_revision
    scene.translated(FRENCH, words=OTHER)
    label = scene.page._meta.label_lower
    return scene.bare("translations:revision", label, scene.page.pk, "fr", old.pk)


def assign(language, role):
    def prepare(scene):
        data = {
            "record": f"pages.contentpage:{scene.page.pk}",
            f"person-{language.code}": str(scene.people[role].user.pk),
            "due": "2099-01-01",
            "language": language.code,
        }
        return reverse("translations:assign"), data

    return prepare


def term(name):
    def prepare(scene):
        made = Term.objects.create(term_en="capacity", term_fr="capacité")
        arguments = [made.pk] if name in {"edit", "delete"} else []
        url = reverse(made.snippet_viewset.get_url_name(name), args=arguments)
        return (url, {}) if name == "delete" else scene.form(url, term_en="digital capacity")

    return prepare


def fact(**changes):
    return lambda scene: scene.edit(scene.about, **changes)


def new_fact(scene):
    url, data = scene.edit(scene.about)
    number = data["facts-TOTAL_FORMS"]
    child = {"id": "", "ORDER": "9", "DELETE": "", "term_en": "New", "detail_en": "Newer"}
    data |= {f"facts-{number}-{name}": value for name, value in child.items()}
    return url, data | {"facts-TOTAL_FORMS": str(int(number) + 1)}


def comment(scene):
    url, data = scene.edit()
    written = {
        "id": "",
        "text": "Why?",
        "position": "",
        "contentpath": "lead_en",
        "resolved": "",
        "DELETE": "",
    }
    written |= {"replies-TOTAL_FORMS": "0", "replies-INITIAL_FORMS": "0"}
    data |= {f"comments-0-{name}": value for name, value in written.items()}
    return url, data | {"comments-TOTAL_FORMS": "1"}


def article(scene):
    page = NewsPage.objects.first()
    if page is None:
        with translation.override("en"):
            page = NewsPage(title_en="News", slug="some-news", date="2026-01-02")
            NewsIndexPage.objects.get().add_child(instance=page)
            page.save_revision().publish()
    return scene.edit(page, date="2020-02-02")


def revert(scene):
    old = scene.page.latest_revision
    scene.draft()
    return scene.on("wagtailadmin_pages:revisions_revert", scene.page.pk, old.pk)


def schedule(scene):
    later = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%d %H:%M")
    return scene.edit(go_live_at=later, lead_en="Another sentence.", **{"action-publish": "on"})


def publish(scene):
    scene.draft()
    return scene.bulk("publish", scene.page)


def publish_with_the_form(scene):
    return scene.edit(lead_en="Another sentence.", **{"action-publish": "on"})


def in_workflow(name):
    def prepare(scene):
        scene.draft()
        page = ContentPage.objects.get(pk=scene.page.pk)
        page.get_workflow().start(page, scene.people[EDITOR].user)
        state = page.current_workflow_task_state
        return scene.bare("wagtailadmin_pages:workflow_action", page.pk, name, state.pk, comment="")

    return prepare


def copy(**changes):
    return lambda scene: scene.on("wagtailadmin_pages:copy", scene.page.pk, new_slug="a-copy", **changes)


def mirror(scene):
    with translation.override("en"):
        alias = scene.page.create_alias(update_slug="a-mirror", user=scene.user)
    return scene.bare("wagtailadmin_pages:convert_alias", alias.pk)


def locked(record, user):
    record.locked, record.locked_by, record.locked_at = True, user, timezone.now()
    record.save(update_fields=["locked", "locked_by", "locked_at"])
    return record


def unlock(scene):
    return scene.bare("wagtailadmin_pages:unlock", locked(scene.page, scene.user).pk)


def unlock_milestone(scene):
    record = locked(Milestone.objects.first(), scene.user)
    return scene.bare(record.snippet_viewset.get_url_name("unlock"), record.pk)


def unpublished(scene):
    with translation.override("en"):
        page = scene.home.add_child(instance=ContentPage(title_en="Draft", slug="a-draft", live=False))
        page.save_revision(user=scene.user)
    return scene.bare("wagtailadmin_pages:delete", page.pk)


def privacy(scene):
    url = reverse("wagtailadmin_pages:set_privacy", args=[scene.page.pk])
    return url, {"restriction_type": "login", "password": ""}


def milestone(name, **changes):
    def prepare(scene):
        record = Milestone.objects.first()
        url = reverse(record.snippet_viewset.get_url_name(name), args=[] if name == "add" else [record.pk])
        if name in {"add", "edit"}:
            starts = {"starts_day": "1", "starts_month": "2", "starts_year": "2020"}
            return scene.form(url, text_en="Something happened.", **starts, **changes)
        return url, {}

    return prepare


def label(model, name):
    """A theme of milestones or a category of news."""

    def prepare(scene):
        record = model.objects.create(name_en="Sports", slug="sports")
        url = reverse(record.snippet_viewset.get_url_name(name), args=[] if name == "add" else [record.pk])
        return (url, {}) if name == "delete" else scene.form(url, name_en="Courses", slug="courses")

    return prepare


def picture():
    return SimpleUploadedFile("a.png", get_test_image_file().file.getvalue(), "image/png")


def library(kind, name, **sent):
    model = {"image": get_image_model, "document": get_document_model}[kind]

    def file():
        return picture() if kind == "image" else SimpleUploadedFile("a.txt", b"text", "text/plain")

    def prepare(scene):
        app = {"image": "wagtailimages", "document": "wagtaildocs"}[kind]
        root = str(Collection.get_first_root_node().pk)
        if name == "add":
            return scene.on(f"{app}:add", title="A file", file=file, collection=root)
        if name == "multiple":
            return scene.bare(
                f"{app}:add_multiple", **{"files[]": file, "title": "A file", "collection": root}
            )
        if name == "chooser":
            data = {f"{kind}-chooser-upload-title": "A file", f"{kind}-chooser-upload-file": file}
            data[f"{kind}-chooser-upload-collection"] = root
            return reverse(f"{app}_chooser:create"), data | INTRUDERS
        content = picture() if kind == "image" else ContentFile(b"text", name="b.txt")
        # Its owner may change and delete it: here somebody else is to.
        made = model().objects.create(title="Old", file=content, uploaded_by_user=scene.user)
        if name == "delete":
            return scene.bare(f"{app}:delete", made.pk)
        return scene.on(f"{app}:edit", made.pk, title="New")

    return prepare


def redirect(name):
    def prepare(scene):
        made = Redirect.objects.create(old_path="/old", redirect_link="/new")
        if name == "delete":
            return scene.bare("wagtailredirects:delete", made.pk)
        return scene.on(
            f"wagtailredirects:{name}",
            *([made.pk] if name == "edit" else []),
            old_path="/older",
            redirect_link="https://example.org/newer",
        )

    return prepare


def user(name):
    def prepare(scene):
        target = scene.people[TRANSLATOR_RU].user
        if name == "delete":
            return scene.bare("wagtailusers_users:delete", target.pk)
        names = {"username": "somebody", "first_name": "Some", "last_name": "Body", "email": "s@example.org"}
        if name == "add":
            names |= {"password1": "not a secret 7", "password2": "not a secret 7"}
        return scene.on(f"wagtailusers_users:{name}", *([target.pk] if name == "edit" else []), **names)

    return prepare


def group(name):
    def prepare(scene):
        made = Group.objects.create(name="Guests")
        url = reverse(f"wagtailusers_groups:{name}", args=[] if name == "add" else [made.pk])
        if name == "delete":
            return url, {}
        # Its panels for rights are formsets of several kinds: what the page itself shows is sent.
        page = BeautifulSoup(scene.admin.get(url).content.decode(), "html.parser")
        translation.activate("en")
        boxes = page.select("main form input[name]") + page.select("main form select[name]")
        data = {
            box["name"]: box.get("value", "")
            for box in boxes
            if box.get("type") not in {"checkbox", "radio"} or box.has_attr("checked")
        }
        return url, data | {"name": "Readers"}

    return prepare


def site_settings(scene):
    site = Site.objects.get()
    SiteSettings.for_site(site)
    return scene.on("wagtailsettings:edit", "pages", "sitesettings", site.pk, centre_name_en="The Centre")


def holding_page(scene):
    site = Site.objects.get()
    return scene.on("wagtailsettings:edit", "pages", "holdingpage", site.pk, title_en="Soon", mode="closed")


# {model: what a record of it has, and what somebody changes}
ITEMS = {
    Announcement: ({"title_en": "Old"}, {"title_en": "New"}),
    FooterLink: ({"label_en": "Old", "url": "https://example.org/"}, {"label_en": "New"}),
    SocialProfile: ({"service": "x", "url": "https://example.org/"}, {"url": "https://example.org/new"}),
    Partner: ({"name_en": "Old"}, {"name_en": "New"}),
}


def item(model, name):
    def prepare(scene):
        old, new = ITEMS[model]
        # A partner has a logo; the others have none.
        shared = {"picture": get_image_model().objects.first()} if model is Partner else {}
        records = [model.objects.create(**old, **shared, sort_order=number) for number in (0, 1)]
        url = reverse(model.snippet_viewset.get_url_name(name), args=[] if name == "add" else [records[0].pk])
        if name == "delete":
            return url, {}
        if name == "reorder":
            return f"{url}?position=1", {}
        _url, data = scene.form(url)
        chosen = {name: str(image.pk) for name, image in shared.items()}
        return url, data | (old | chosen if name == "add" else new)

    return prepare


def the_workflow(scene):
    return scene.bare("wagtailadmin_workflows:disable", Workflow.objects.get().pk)


def upload_of(language):
    def prepare(scene):
        content = scene.file(language)
        return reverse("translations:import"), {
            "file": lambda: SimpleUploadedFile("a.xlf", content, "application/xml")
        }

    return prepare


def message():
    page = ContactPage.objects.get()
    return ContactMessage.objects.create(page=page, form_data={"name": SECRET}, delivery="kept")


def read_messages(query=""):
    def prepare(scene):
        return reverse("wagtailforms:list_submissions", args=[message().page_id]) + query, None

    return prepare


def delete_messages(scene):
    sent = message()
    address = reverse("wagtailforms:delete_submissions", args=[sent.page_id])
    return f"{address}?selected-submissions={sent.pk}", {}


HOW = {
    "save French": save(FRENCH),
    "save Russian": save(RUSSIAN),
    "send French to review": send(FRENCH),
    "send Russian to review": send(RUSSIAN),
    "approve French": approve(FRENCH),
    "approve Russian": approve(RUSSIAN),
    "approve French again after the English has changed": outdated,
    "send French to review as still right": outdated,
    "return French": give_back,
    "take French out of review": out_of_review,
    "take the approval of French back": approval_back,
    "restore earlier French words": restore_words,
    "import a French file": upload_of(FRENCH),
    "import a Russian file": upload_of(RUSSIAN),
    "export files": lambda scene: scene.bare(
        "translations:export", languages=["fr"], only="all", format="xliff-1.2", all="1"
    ),
    "assign French": assign(FRENCH, TRANSLATOR_FR),
    "assign Russian": assign(RUSSIAN, TRANSLATOR_RU),
    "add a term": term("add"),
    "change a term": term("edit"),
    "delete a term": term("delete"),
    "edit the English": lambda scene: scene.edit(lead_en="Another sentence."),
    "change what all languages share": lambda scene: scene.edit(slug="another-slug"),
    "change the date of an article": article,
    "add a fact": new_fact,
    "change a fact": fact(**{"facts-0-term_en": "Changed"}),
    "delete a fact": fact(**{"facts-0-DELETE": "on"}),
    "reorder facts": fact(**{"facts-0-ORDER": "2", "facts-1-ORDER": "1"}),
    "comment": comment,
    "add a page": lambda scene: scene.on(
        "wagtailadmin_pages:add", "pages", "contentpage", scene.home.pk, title_en="New", slug="new"
    ),
    "restore a revision": revert,
    "submit to the workflow": lambda scene: scene.edit(**{"action-submit": "on"}),
    "copy a page": copy(),
    "publish a copy": copy(publish_copies="on"),
    "mirror a page": copy(alias="on"),
    "turn a mirror into a page of its own": mirror,
    "delete a page that was never published": unpublished,
    "publish": publish_with_the_form,
    "publish at a set time": schedule,
    "approve in the workflow": in_workflow("approve"),
    "return in the workflow": in_workflow("reject"),
    "unpublish": lambda scene: scene.bare("wagtailadmin_pages:unpublish", scene.page.pk),
    "delete a published page": lambda scene: scene.bare("wagtailadmin_pages:delete", scene.page.pk),
    "move a published page": lambda scene: scene.bare(
        "wagtailadmin_pages:move_confirm", scene.page.pk, scene.about.pk
    ),
    "reorder pages": lambda scene: (
        reverse("wagtailadmin_pages:set_page_position", args=[scene.page.pk]) + "?position=0",
        {},
    ),
    "lock": lambda scene: scene.bare("wagtailadmin_pages:lock", scene.page.pk),
    "unlock": unlock,
    "make a page private": privacy,
    "publish several": publish,
    "unpublish several": lambda scene: scene.bulk("unpublish", scene.page),
    "delete several": lambda scene: scene.bulk("delete", scene.page),
    "move several": lambda scene: scene.bulk("move", scene.page, chooser=str(scene.about.pk)),
    "add a milestone": milestone("add"),
    "change a milestone": milestone("edit"),
    "publish a milestone": milestone("edit", **{"action-publish": "on"}),
    "unpublish a milestone": milestone("unpublish"),
    "delete a milestone": milestone("delete"),
    "lock a milestone": milestone("lock"),
    "unlock a milestone": unlock_milestone,
    "add a theme": label(MilestoneTheme, "add"),
    "change a theme": label(MilestoneTheme, "edit"),
    "delete a theme": label(MilestoneTheme, "delete"),
    "add a category": label(NewsCategory, "add"),
    "change a category": label(NewsCategory, "edit"),
    "delete a category": label(NewsCategory, "delete"),
    "add a picture": library("image", "add"),
    "add a picture from a page": library("image", "chooser"),
    "add several pictures": library("image", "multiple"),
    "change a picture": library("image", "edit"),
    "delete a picture": library("image", "delete"),
    "add a document": library("document", "add"),
    "add a document from a page": library("document", "chooser"),
    "add several documents": library("document", "multiple"),
    "change a document": library("document", "edit"),
    "delete a document": library("document", "delete"),
    "read messages": read_messages(),
    "download messages": read_messages("?export=csv"),
    "delete messages": delete_messages,
    "change the settings": site_settings,
    "change the holding page": holding_page,
    "add an announcement": item(Announcement, "add"),
    "change an announcement": item(Announcement, "edit"),
    "delete an announcement": item(Announcement, "delete"),
    "add a link at the foot": item(FooterLink, "add"),
    "change a link at the foot": item(FooterLink, "edit"),
    "delete a link at the foot": item(FooterLink, "delete"),
    "reorder the links at the foot": item(FooterLink, "reorder"),
    "add a social media profile": item(SocialProfile, "add"),
    "change a social media profile": item(SocialProfile, "edit"),
    "delete a social media profile": item(SocialProfile, "delete"),
    "add a partner": item(Partner, "add"),
    "change a partner": item(Partner, "edit"),
    "delete a partner": item(Partner, "delete"),
    "add a redirect": redirect("add"),
    "change a redirect": redirect("edit"),
    "delete a redirect": redirect("delete"),
    "add a user": user("add"),
    "change a user": user("edit"),
    "delete a user": user("delete"),
    "add a group": group("add"),
    "change a group": group("edit"),
    "delete a group": group("delete"),
    "add a collection": lambda scene: scene.on(
        "wagtailadmin_collections:add", name="Photos", parent=str(Collection.get_first_root_node().pk)
    ),
    "change a workflow": the_workflow,
    "change the address of the site": lambda scene: scene.on(
        "wagtailsites:edit", Site.objects.get().pk, hostname="example.org"
    ),
}


def live_rows():
    """What visitors get: whoever may not publish may still save a draft with the same form."""
    pages = ContentPage.objects.order_by("pk").values_list(
        "pk", "live", "lead_en", "live_revision", "go_live_at"
    )
    milestones = Milestone.objects.order_by("pk").values_list("pk", "live", "text_en", "live_revision")
    return {"pages": list(pages), "milestones": list(milestones), "scheduled": scheduled()}


def scheduled():
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM wagtailcore_revision WHERE approved_go_live_at IS NOT NULL")
        return cursor.fetchall()


def live_copies():
    return {"copies": list(ContentPage.objects.filter(slug="a-copy", live=True).values_list("pk"))}


def approvals():
    row = ContentPage.objects.get(slug="a-page")
    return {"French": row.translation_entry(FRENCH), "status": workflow.progress(row, FRENCH).state}


def whole_database():
    # What changes when somebody only looks: who edits what just now, and a profile with a first visit.
    return database("wagtailadmin_", "wagtailusers_userprofile")


def imports():
    from translations.models import ImportedFile

    return {"files": list(ImportedFile.objects.values_list("pk"))}


# What an action is about, where a role that may not do it may do something less by the same form.
ABOUT = {
    "publish": live_rows,
    "publish at a set time": live_rows,
    "publish a milestone": live_rows,
    "publish a copy": live_copies,
    "mirror a page": live_copies,
}
REFUSED = {302, 403}


def post(client, url, data):
    if data is None:
        response = client.get(url)
    else:
        ready = {name: value() if callable(value) else value for name, value in data.items()}
        response = client.post(url, ready)
    translation.activate("en")
    return response


@pytest.mark.parametrize(("action", "allowed"), actions(), ids=[action for action, _roles in actions()])
def test_each_role_may_do_this_or_changes_nothing(people, action, allowed):
    scene = Scene(people)
    url, data = HOW[action](scene)
    for role, client in people.items():
        with transaction.atomic():
            compare = ABOUT.get(action, whole_database)
            before = compare()
            files = imports()
            response = post(client, url, data)
            after = compare()
            if action == "export files":
                was_done = response.headers.get("Content-Disposition", "").startswith("attachment")
            elif action in {"read messages", "download messages"}:
                was_done = SECRET.encode() in b"".join(response)
            elif action.startswith("import"):
                was_done = imports() != files
                assert changed(before, after) == [], role
            elif action.startswith("approve French again"):
                was_done = approvals()["status"] == "approved"
                before = after if not was_done and role == TRANSLATOR_FR else before
            else:
                was_done = bool(changed(before, after))
            form = (response.context or {}).get("form") if response.status_code == 200 else None
            errors = getattr(form, "errors", None)
            assert was_done == (role in allowed), (role, response.status_code, changed(before, after), errors)
            if role in allowed:
                assert response.status_code in {200, 302}, role
                written = repr(after if compare is whole_database else whole_database())
                assert not any(word in written for word in INTRUDING), role
            else:
                assert changed(before, after) == [], role
                # These have a form for other languages, which lacks what was sent.
                has_own_form = action.startswith(("import", "assign", "approve French again"))
                if action not in ABOUT and not has_own_form:
                    assert response.status_code in REFUSED, (role, response.status_code)
            transaction.set_rollback(True)


def test_every_action_of_the_table_is_tried():
    assert {action for action, _roles in actions()} == HOW.keys()


def test_the_guide_shows_the_same_table():
    guide = Path(settings.BASE_DIR) / "docs" / "rights.md"
    assert guide.read_text() == as_markdown()
