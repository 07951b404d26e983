"""The glossary in the admin: its list, and files in and out."""

import json

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from django.views.decorators.http import require_GET
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from translations import glossary
from translations.languages import column
from translations.models import Term
from translations.rights import can_read_translations

# How long a preview may be looked at before it has to be made anew, in seconds.
PREVIEW_AGE = 3600
SALT = "translations.glossary.import"


class GlossaryPermissionPolicy(ModelPermissionPolicy):
    """Everybody who works on the site may read the glossary; the rest goes by permissions."""

    def user_has_permission(self, user, action):
        if action == "view":
            return can_read_translations(user)
        return super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)


class TermIndexView(IndexView):
    @cached_property
    def header_more_buttons(self):
        buttons = [
            *super().header_more_buttons,
            Button(
                _("Export as CSV"),
                url=reverse("translations:glossary_export") + "?format=csv",
                icon_name="download",
                priority=60,
            ),
            Button(
                _("Export as TBX"),
                url=reverse("translations:glossary_export") + "?format=tbx",
                icon_name="download",
                priority=61,
            ),
        ]
        if glossary.may_change(self.request.user):
            buttons.append(
                Button(
                    _("Import a file"),
                    url=reverse("translations:glossary_import"),
                    icon_name="upload",
                    priority=50,
                )
            )
        return buttons


def language_attributes(language) -> dict:
    return {"lang": language.tag, "dir": language.direction}


class TermViewSet(SnippetViewSet):
    model = Term
    index_view_class = TermIndexView
    icon = "openquote"
    menu_label = gettext_lazy("Glossary")
    menu_name = "glossary"
    menu_order = 500
    menu_hook = "register_translations_menu_item"
    list_display = [
        "term_en",
        *(column("term", language) for language in glossary.columns()[1:]),
        BooleanColumn("do_not_translate", label=gettext_lazy("Don’t translate"), sort_key="do_not_translate"),
    ]
    list_filter = ["do_not_translate"]
    list_per_page = 50
    search_fields = [*(column("term", language) for language in glossary.columns()), "note"]
    inspect_view_enabled = True
    copy_view_enabled = False
    panels = [
        MultiFieldPanel(
            [
                FieldPanel(
                    column("term", language), widget=forms.TextInput(attrs=language_attributes(language))
                )
                for language in glossary.columns()
            ],
            heading=gettext_lazy("Term"),
            help_text=gettext_lazy(
                "Where several words are right, write the best one first and “|” between them."
            ),
        ),
        FieldPanel("note"),
        FieldPanel("do_not_translate"),
        FieldPanel("case_sensitive"),
    ]


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The whole glossary as a file, for everybody who may read it."""
    if not can_read_translations(request.user):
        raise PermissionDenied
    terms = Term.objects.all()
    if request.GET.get("format") == "tbx":
        response = HttpResponse(glossary.write_tbx(terms), content_type="application/x-tbx")
        name = "glossary.tbx"
    else:
        response = HttpResponse(glossary.write_csv(terms), content_type="text/csv; charset=utf-8")
        name = "glossary.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class GlossaryFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "A table in CSV (UTF-8) whose first row names the languages (en, ar, zh-hans, fr, ru, es), and "
            "note, do_not_translate, case_sensitive if you like; or a TBX file, version 2 or 3."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.tbx,.xml"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > glossary.LARGEST_FILE:
            sentence = _("The file is larger than %(size)s kB.") % {"size": glossary.LARGEST_FILE // 1000}
            raise forms.ValidationError(sentence)
        try:
            self.entries = glossary.read_entries(file.name, file.read())
        except glossary.GlossaryFileError as error:
            raise forms.ValidationError(str(error)) from error
        return file


class ImportView(WagtailAdminTemplateMixin, View):
    """Shows what a file would do to the glossary, and does just that once it is confirmed."""

    template_name = "translations/glossary_import.html"
    page_title = gettext_lazy("Import terms")
    header_icon = "upload"

    def dispatch(self, request, *args, **kwargs):
        if not glossary.may_change(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse_lazy(TermViewSet().get_url_name("list")), "label": gettext_lazy("Glossary")},
            {"url": "", "label": self.page_title},
        ]

    def get(self, request):
        return self.render_to_response(self.get_context_data(form=GlossaryFileForm()))

    def post(self, request):
        if "preview" in request.POST:
            return self.confirm(request)
        form = GlossaryFileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        return self.show(request, form.entries)

    def show(self, request, entries: list[glossary.Entry]) -> HttpResponse:
        plan = glossary.plan(entries)
        preview = signing.dumps(
            {
                "user": request.user.pk,
                "entries": [[one.place, one.values, one.flags] for one in entries if not one.fault],
                "fingerprint": plan.fingerprint,
            },
            salt=SALT,
            compress=True,
        )
        context = self.get_context_data(form=GlossaryFileForm(), plan=plan, preview=preview)
        return self.render_to_response(context)

    def confirm(self, request) -> HttpResponse:
        try:
            preview = signing.loads(request.POST["preview"], salt=SALT, max_age=PREVIEW_AGE)
        except signing.BadSignature:
            messages.error(request, _("This preview is too old. Please choose the file again."))
            return redirect("translations:glossary_import")
        if preview["user"] != request.user.pk:
            raise PermissionDenied
        entries = [glossary.Entry(*values) for values in preview["entries"]]
        plan = glossary.plan(entries)
        if json.dumps(plan.fingerprint) != json.dumps(preview["fingerprint"]):
            messages.warning(
                request, _("The glossary has changed in the meantime. Please look again at what will change.")
            )
            return self.show(request, entries)
        glossary.carry_out(plan, request.user)
        self.tell(request, plan)
        return redirect(TermViewSet().get_url_name("list"))

    def tell(self, request, plan: glossary.Plan) -> None:
        added = ngettext("%(count)s term added", "%(count)s terms added", len(plan.added))
        changed = ngettext("%(count)s term changed", "%(count)s terms changed", len(plan.changed))
        messages.success(
            request,
            _("%(added)s, %(changed)s.")
            % {
                "added": added % {"count": len(plan.added)},
                "changed": changed % {"count": len(plan.changed)},
            },
        )
