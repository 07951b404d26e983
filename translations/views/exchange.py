"""Files for outside translators in the admin: choosing what goes out, and looking at what comes back."""

from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET
from django.views.generic import FormView, View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from translations.differences import Change, compare
from translations.exchange import importing
from translations.exchange.exporting import Export, Format, Only, export
from translations.exchange.exporting import export_memory as memory_file
from translations.exchange.importing import Item, Kind, PlanChangedError
from translations.exchange.units import MAX_BYTES, ExchangeError
from translations.languages import get_language, source_language, target_languages
from translations.models import ImportedFile
from translations.overview import OverviewForm, chosen_entries
from translations.rights import can_read_translations, reviewed_by, translated_by
from translations.tasks import carry_out_import

# So many items of a kind are shown, lest a page grow without end; all of them are done.
SHOWN = 1000
# More than so many texts are written by a worker: nobody is to wait for an answer that long.
AT_ONCE = 100


def download(file: Export) -> HttpResponse:
    return HttpResponse(
        file.content,
        content_type=file.content_type,
        headers={"Content-Disposition": f'attachment; filename="{file.filename}"'},
    )


def language_choices():
    return [(language.code, language.name) for language in target_languages()]


class ExportForm(forms.Form):
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"),
        choices=language_choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one language.")},
    )
    only = forms.ChoiceField(label=gettext_lazy("Texts"), choices=Only)
    format = forms.ChoiceField(label=gettext_lazy("Format"), choices=Format)


class ExportView(WagtailAdminTemplateMixin, FormView):
    """Makes files of the records that were chosen in the overview; of all, if none were."""

    template_name = "translations/export.html"
    form_class = ExportForm
    page_title = gettext_lazy("Export for translators")
    header_icon = "download"

    def dispatch(self, request, *args, **kwargs):
        if not can_read_translations(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    @cached_property
    def selection(self) -> QueryDict:
        """What names the chosen records: their keys, or "all" with the filters of the overview."""
        given = self.request.POST if self.request.method == "POST" else self.request.GET
        kept = QueryDict(mutable=True)
        for name in ("record", "all"):
            if values := [value for value in given.getlist(name) if value]:
                kept.setlist(name, values)
        if "record" not in kept:
            kept["all"] = "1"
        if "all" in kept:
            for name in OverviewForm.base_fields:
                if values := [value for value in given.getlist(name) if value]:
                    kept.setlist(name, values)
        return kept

    @cached_property
    def entries(self):
        return list(chosen_entries(self.selection, self.request.user))

    def get_initial(self):
        chosen = self.request.GET.get("language")
        mine = [language.code for language in translated_by(self.request.user)]
        codes = [code for code, _name in language_choices()]
        return {"languages": [chosen] if chosen in codes else mine or codes, "only": Only.ALL}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            count=len(self.entries),
            is_everything="all" in self.selection and len(self.selection) == 1,
            shown=self.entries[:10],
            rest=max(len(self.entries) - 10, 0),
            source=source_language(),
            selection=[(name, value) for name, values in self.selection.lists() for value in values],
            memory_languages=target_languages(),
            may_import=bool(translated_by(self.request.user)),
            **kwargs,
        )

    def form_valid(self, form):
        records = [record for entry in self.entries if (record := entry.record) is not None]
        file = export(
            records,
            [get_language(code) for code in form.cleaned_data["languages"]],
            form.cleaned_data["format"],
            only=form.cleaned_data["only"],
        )
        if not file.texts:
            form.add_error(None, _("There is nothing of the kind to translate in these records."))
            return self.form_invalid(form)
        return download(file)


@require_GET
def export_memory(request: HttpRequest) -> HttpResponse:
    """The translation memory of one language as TMX."""
    if not can_read_translations(request.user):
        raise PermissionDenied
    code = request.GET.get("language", "")
    if code not in {language.code for language in target_languages()}:
        return redirect("translations:export")
    return download(memory_file(get_language(code)))


class ImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("XLIFF 1.2 or 2.0, or the Excel workbook, as it was exported here."),
        widget=forms.FileInput(attrs={"accept": ".xlf,.xliff,.xml,.xlsx"}),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_file(self):
        """The bytes of a file that can be read and that this person may import."""
        upload = self.cleaned_data["file"]
        # Before it is read into memory.
        if upload.size > MAX_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB: export fewer records at a time.")
                % {"limit": MAX_BYTES // 1024 // 1024}
            )
        content = upload.read()
        try:
            importing.plan(importing.read_file(content), self.user)
        except (ExchangeError, PermissionDenied) as error:
            raise forms.ValidationError(str(error)) from error
        self.cleaned_data["name"] = upload.name
        return content


class TranslatorsOnlyMixin:
    def dispatch(self, request, *args, **kwargs):
        if not translated_by(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ImportView(TranslatorsOnlyMixin, WagtailAdminTemplateMixin, FormView):
    """Takes a file in and shows what it would do; nothing is written yet."""

    template_name = "translations/import.html"
    form_class = ImportForm
    page_title = gettext_lazy("Import translations")
    header_icon = "upload"

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            languages=translated_by(self.request.user),
            mine=ImportedFile.objects.fresh().filter(user=self.request.user).order_by("-created_at"),
            **kwargs,
        )

    def form_valid(self, form):
        kept = ImportedFile.objects.keep(
            self.request.user, form.cleaned_data["name"], form.cleaned_data["file"]
        )
        return redirect("translations:import_plan", kept.pk)


@dataclass(frozen=True)
class Row:
    """An item with the difference to what the site has, and of the sources where there are two."""

    item: Item
    changes: list[Change]
    source_changes: list[Change]


@dataclass(frozen=True)
class Group:
    kind: Kind
    rows: list[Row]
    count: int

    @property
    def hidden(self) -> int:
        return self.count - len(self.rows)


class PlanView(TranslatorsOnlyMixin, WagtailAdminTemplateMixin, View):
    """Shows what a file would do, and does it."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "translations/import_plan.html"
    page_title = gettext_lazy("What this file would do")
    header_icon = "upload"

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("translations:import"), "label": ImportView.page_title},
            {"url": "", "label": self.page_title},
        ]

    @cached_property
    def kept(self) -> ImportedFile:
        """Somebody else's file is as good as none."""
        return get_object_or_404(ImportedFile.objects.fresh(), pk=self.kwargs["pk"], user=self.request.user)

    @cached_property
    def parsed(self) -> importing.ParsedFile:
        return importing.read_file(bytes(self.kept.content))

    def get(self, request, pk):
        if self.kept.state != ImportedFile.State.OPEN:
            return self.show_progress()
        if self.kept.has_changed:
            ImportedFile.objects.filter(pk=pk).update(has_changed=False)
            messages.error(request, changed_sentence())
        return self.show(importing.plan(self.parsed, request.user))

    def show_progress(self):
        self.template_name = "translations/import_progress.html"
        # It no longer "would".
        self.page_title = ImportView.page_title
        sentence = "" if self.kept.texts is None else written(self.kept.texts)
        response = self.render_to_response(self.get_context_data(kept=self.kept, written=sentence))
        response.headers["Cache-Control"] = "no-store"
        return response

    def show(self, plan, status=200):
        return self.render_to_response(
            self.get_context_data(
                plan=plan,
                groups=[group(kind, items) for kind, items in plan.groups],
                name=self.kept.name,
                language=plan.language,
                source=source_language(),
                may_review=plan.language in reviewed_by(self.request.user),
            ),
            status=status,
        )

    def post(self, request, pk):
        if self.kept.state != ImportedFile.State.OPEN:
            # Somebody has pressed twice.
            return redirect("translations:import_plan", pk)
        if "discard" in request.POST:
            self.kept.delete()
            messages.success(request, _("The file was dropped; nothing was written."))
            return redirect("translations:import")
        plan = importing.plan(self.parsed, request.user)
        if len(plan.writes) + len(request.POST.getlist("stale")) > AT_ONCE:
            with transaction.atomic():
                self.kept.decide(request.POST.get("fingerprint") or "-", request.POST.getlist("stale"))
                carry_out_import.enqueue(str(self.kept.pk))
            return redirect("translations:import_plan", pk)
        try:
            done = importing.carry_out(
                plan,
                self.parsed,
                request.user,
                stale=set(request.POST.getlist("stale")),
                fingerprint=request.POST.get("fingerprint") or "-",
            )
        except PlanChangedError:
            messages.error(request, changed_sentence())
            return self.show(importing.plan(self.parsed, request.user), status=409)
        self.kept.delete()
        messages.success(request, written(done.texts))
        return redirect("translations:import")


def changed_sentence() -> str:
    return _("Something has changed since this was shown, so nothing was written. Please look again.")


def written(texts: int) -> str:
    return ngettext(
        "%(count)s translation was saved as a draft. Nothing was published.",
        "%(count)s translations were saved as drafts. Nothing was published.",
        texts,
    ) % {"count": texts}


def group(kind: Kind, items: list[Item]) -> Group:
    # Of what stays as it is the number is enough, but for what the file lacks.
    listed = [item for item in items if kind != Kind.UNCHANGED or item.reason][:SHOWN]
    rows = [
        Row(
            item,
            compare(item.old, item.new) if item.old and item.new else [],
            compare(item.file_source, item.source) if item.file_source else [],
        )
        for item in listed
    ]
    return Group(kind, rows, len(items))
