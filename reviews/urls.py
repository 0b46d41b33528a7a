"""Addresses of reviews."""

from __future__ import annotations

from django.urls import path

from reviews.views import checks, conditions, detail, impact, lists, messages, moves, scope, sign_off

app_name = "reviews"
urlpatterns = [
    path("", lists.review_list_page, name="list"),
    path("conditions/", lists.condition_list, name="conditions"),
    path("conditions/<str:reference>/", conditions.condition_page, name="condition"),
    path("conditions/<str:reference>/document/", conditions.condition_document, name="condition-document"),
    path("impact/", impact.impact_list, name="impact-list"),
    path("impact/<int:key>/", impact.impact_page, name="impact"),
    path("<str:reference>/", detail.review_page, name="detail"),
    path("<str:reference>/checks/<int:number>/", checks.answer, name="answer-check"),
    path("<str:reference>/scope/", scope.set_scope_view, name="set-scope"),
    path("<str:reference>/conditions/", conditions.add, name="add-condition"),
    path("<str:reference>/conditions/<str:condition_reference>/drop/", conditions.drop, name="drop-condition"),
    path("<str:reference>/sign/<str:step_key>/", sign_off.sign_page, name="sign"),
    path("<str:reference>/sighting/", sign_off.record_sighting, name="record-sighting"),
    path("<str:reference>/take-facts-again/", detail.take_facts_again, name="take-facts-again"),
    path("<str:reference>/messages/", messages.write, name="write-message"),
    path("<str:reference>/counsel-notes/", messages.write_note, name="write-counsel-note"),
    path("<str:reference>/move/<str:move>/", moves.move_page, name="move"),
]
