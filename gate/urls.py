"""The page where a person asks what a pipeline would hear."""

from __future__ import annotations

from django.urls import path

from gate import views

app_name = "gate"
urlpatterns = [path("", views.ask_page, name="ask")]
