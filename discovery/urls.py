"""The addresses for machines: those of the whole site, and those below a language."""

from django.urls import path, re_path

from . import views

site_patterns = [
    path("sitemap.xml", views.sitemap_index),
    path("robots.txt", views.robots),
    path(".well-known/security.txt", views.security),
    path("llms.txt", views.llms),
]

# No page has a dot in its path, so none of these can hide one.
language_patterns = [
    path("sitemap.xml", views.sitemap),
    path("llms.txt", views.llms, {"of_language": True}),
    path("manifest.webmanifest", views.manifest),
    path("opensearch.xml", views.opensearch),
    re_path(r"^card/(?P<pk>[1-9][0-9]{0,17})-(?P<version>[0-9a-f]{12})\.png$", views.card),
    re_path(r"^(?P<path>(?:[\w-]+/)*)index\.md$", views.markdown),
]
