"""What no page answers: the choice of a language at "/", errors, and the guides in the admin."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.generic import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from translations.languages import source_language

from . import guides


def choose_language(request: HttpRequest) -> HttpResponse:
    """Sends a visitor of "/" on to the language that their browser asks for."""
    return HttpResponseRedirect(reverse("wagtail_serve", args=[""]))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    # Without the menu and all else that needs the database, which may be the very thing that failed.
    return render(request, "500.html", status=500)


class GuideView(WagtailAdminTemplateMixin, View):
    """One of the guides in docs/, for everybody who may enter the admin."""

    http_method_names = ["get", "head", "options"]
    template_name = "guides/guide.html"
    header_icon = "help"

    def get(self, request, name):
        if name not in guides.available():
            raise Http404
        return self.render_to_response(self.get_context_data(name=name))

    def get_page_title(self):
        return guides.TITLES[self.kwargs["name"]]

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, name, **kwargs):
        return super().get_context_data(
            guide=guides.read(name),
            guides=guides.available(),
            name=name,
            # They are written in one language, whatever that of the admin.
            language=source_language(),
            **kwargs,
        )


def guide_picture(request: HttpRequest, name: str) -> FileResponse:
    if name not in guides.pictures():
        raise Http404
    return FileResponse((guides.PICTURES / name).open("rb"), content_type="image/webp")
