"""What no page answers: the choice of a language at "/", and errors."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse


def choose_language(request: HttpRequest) -> HttpResponse:
    """Sends a visitor of "/" on to the language that their browser asks for."""
    return HttpResponseRedirect(reverse("wagtail_serve", args=[""]))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    # Without the menu and all else that needs the database, which may be the very thing that failed.
    return render(request, "500.html", status=500)
