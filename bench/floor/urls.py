"""Addresses of the floor."""

from __future__ import annotations

from django.urls import path

from bench.floor import views

urlpatterns = [
    path("json/<int:key>/", views.as_json),
    path("list/", views.as_list),
    path("mine/json/<int:key>/", views.my_json),
    path("mine/list/", views.my_list),
    path("mine/long/<int:key>/", views.my_long_page),
    path("mine/create/", views.create),
    path("mine/state/<int:key>/", views.change_state),
    path("mine/pdf/<int:key>/", views.as_pdf),
]
