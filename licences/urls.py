"""Addresses of the licence base."""

from __future__ import annotations

from django.urls import path

from licences.views import ask, compare, drafts, duties, export, matrix, model_names, texts, version, versions

app_name = "licences"
urlpatterns = [
    path("", versions.version_list, name="version-list"),
    path("model-names/", model_names.model_name, name="model-name"),
    path("ask/", ask.ask_the_base, name="ask"),
    path("drafts/new/", drafts.start, name="draft-start"),
    path("drafts/<uuid:code>/", drafts.draft, name="draft"),
    path("drafts/<uuid:code>/part/", drafts.part, name="draft-part"),
    path("drafts/<uuid:code>/add/", drafts.choose_kind, name="draft-add"),
    path("drafts/<uuid:code>/<slug:what>/", drafts.decide, name="draft-decide"),
    path("export.json", export.export, name="export"),
    path("export.schema.json", export.export_schema, name="export-schema"),
    path("duties/", duties.what_would_apply, name="duties"),
    path("matrix/", matrix.matrix, name="matrix"),
    path("compare/", compare.choose_comparison, name="choose-comparison"),
    path("compare/<str:old>/<str:new>/", compare.compare, name="compare"),
    path("<str:slug>/", version.version_page, name="version"),
    path("<str:slug>/notice/", duties.notice_file, name="notice"),
    path("<str:slug>/attribution/", duties.attribution_snippet, name="attribution"),
    path("<str:slug>/texts/", texts.add_text, name="add-text"),
    path("<str:slug>/texts/<str:sha256>/accept/", texts.accept_text, name="accept-text"),
    path("<str:slug>/texts/<str:sha256>/refuse/", texts.refuse_text, name="refuse-text"),
    path("<str:slug>/<str:kind>/raw/", texts.raw, name="raw"),
]
