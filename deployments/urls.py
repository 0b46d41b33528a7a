"""Addresses of products, registration, legal entities and stop duties. The product's own page lies in portal/."""

from __future__ import annotations

from django.urls import path

from deployments.views import documents, duty_sheet, entities, products, registration, stop_duties

app_name = "deployments"
urlpatterns = [
    path("products/", products.product_list_page, name="product-list"),
    path("products/export.csv", products.product_csv, name="product-csv"),
    path("products/register/", registration.register, name="register"),
    path("products/<str:reference>/copy/", registration.copy, name="copy"),
    path("products/<str:reference>/registration/", registration.registration, name="registration"),
    path("products/<str:reference>/duties/", duty_sheet.duties, name="duties"),
    path("products/<str:reference>/rename/", products.rename, name="rename"),
    path("products/<str:reference>/owner/", products.hand_over, name="hand-over"),
    path("products/<str:reference>/entities/", products.entity_role, name="entity-role"),
    path(
        "products/<str:reference>/entities/<str:entity>/<slug:role>/remove/",
        products.entity_role_remove,
        name="entity-role-remove",
    ),
    path("products/<str:reference>/components/add/", products.component_add, name="component-add"),
    path("products/<str:reference>/environments/add/", products.environment_add, name="environment-add"),
    path(
        "products/<str:reference>/sightings/<int:key>/document/", documents.sighting_document, name="sighting-document"
    ),
    path("environments/<str:reference>/gate/", products.gate_mode, name="gate-mode"),
    path("components/<str:reference>/start/", registration.component_model, name="component-model"),
    path("components/<str:reference>/sighting/", products.sighting, name="sighting"),
    path("components/<str:reference>/users/", products.current_users, name="current-users"),
    path("sheets/<str:reference>/continue/", registration.next_step, name="register-model"),
    path("sheets/<str:reference>/questions/<slug:kind>/<slug:key>/", registration.question, name="question"),
    path("sheets/<str:reference>/questions/<slug:kind>/<slug:key>/ask/", registration.ask, name="ask"),
    path("questions/<int:key>/", registration.answer, name="answer"),
    path("entities/", entities.entity_list_page, name="entity-list"),
    path("entities/add/", entities.entity_add, name="entity-add"),
    path("entities/<str:reference>/", entities.entity, name="entity"),
    path("entities/<str:reference>/record/<slug:kind>/", entities.entity_record, name="entity-record"),
    path("entities/<str:reference>/affiliations/<int:key>/end/", entities.affiliation_end, name="affiliation-end"),
    path(
        "entities/<str:reference>/acceptances/<int:key>/document/",
        documents.acceptance_document,
        name="acceptance-document",
    ),
    path(
        "entities/<str:reference>/permissions/<str:permission>/document/",
        documents.permission_document,
        name="permission-document",
    ),
    path("stop-duties/", stop_duties.stop_duty_list_page, name="stop-duty-list"),
    path("stop-duties/<str:reference>/", stop_duties.stop_duty, name="stop-duty"),
    path("stop-duties/<str:reference>/<slug:kind>/", stop_duties.stop_item, name="stop-item"),
    path("stop-duties/<str:reference>/<slug:kind>/document/", documents.stop_item_document, name="stop-item-document"),
]
