"""Addresses under /admin/translations/. Every view checks for itself who may use it."""

from django.urls import path

from .views import aids, assignments, dashboard, editor, exchange, glossary, history, preview

app_name = "translations"
urlpatterns = [
    path("", dashboard.OverviewView.as_view(), name="overview"),
    path("assign/", assignments.AssignView.as_view(), name="assign"),
    path("table.<str:name>", dashboard.download, name="download"),
    path("memory/", aids.memory_matches, name="memory"),
    path("check/", aids.check_text, name="check"),
    path("machine/<str:label>/<str:pk>/<str:code>/", aids.machine_draft, name="machine"),
    path("glossary/import/", glossary.ImportView.as_view(), name="glossary_import"),
    path("glossary/export/", glossary.export, name="glossary_export"),
    path("files/export/", exchange.ExportView.as_view(), name="export"),
    path("files/memory/", exchange.export_memory, name="export_memory"),
    path("files/import/", exchange.ImportView.as_view(), name="import"),
    path("files/import/<uuid:pk>/", exchange.PlanView.as_view(), name="import_plan"),
    path("<str:label>/<str:pk>/<str:code>/", editor.edit, name="edit"),
    path("<str:label>/<str:pk>/<str:code>/here/", editor.here, name="here"),
    path("<str:label>/<str:pk>/<str:code>/preview/", preview.preview, name="preview"),
    path("<str:label>/<str:pk>/<str:code>/history/", history.history, name="history"),
    path("<str:label>/<str:pk>/<str:code>/history/<int:number>/", history.revision, name="revision"),
]
