from django.urls import path

from . import views

app_name = "styleguide"
urlpatterns = [
    path("", views.guide, {"code": "en"}, name="guide"),
    path("tokens.css", views.sheet, name="sheet"),
    path("<slug:code>/", views.guide, name="guide_in"),
]
