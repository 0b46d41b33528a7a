"""Addresses of records."""

from __future__ import annotations

from django.urls import path

from evidence import views

app_name = "evidence"
urlpatterns = [
    path("", views.record_list_page, name="records"),
    path("list.csv", views.record_csv, name="records-csv"),
    path("download/", views.download_many, name="download-many"),
    path("root.pem", views.root_certificate, name="root"),
    path("<str:reference>/", views.record_page, name="record"),
    path("<str:reference>/build/", views.build, name="build"),
    path("<str:reference>/<int:edition>/<str:form>/", views.download, name="download"),
]
