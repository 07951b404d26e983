"""Addresses under /admin/translations/. Every view checks for itself who may use it."""

from django.urls import path

from .views import editor

app_name = "translations"
urlpatterns = [
    path("<str:label>/<str:pk>/<str:code>/", editor.edit, name="edit"),
    path("<str:label>/<str:pk>/<str:code>/here/", editor.here, name="here"),
]
