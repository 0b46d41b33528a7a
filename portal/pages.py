"""Pages that join rooms: home, portfolio, product, choosing a model, declaring, the log, jobs, search, health."""

from __future__ import annotations

from django.urls import path

from portal.views import (
    audit_log,
    choose_model,
    correct_rollout,
    declare,
    health,
    home,
    jobs,
    portfolio,
    product,
    retire,
    rollout,
    search,
)
from portal.views.style import style_page
from portal.views.theme import choose_theme

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("portfolio/", portfolio.portfolio, name="portfolio"),
    path("products/<str:reference>/", product.product_page, name="product"),
    path("products/<str:reference>/retire/", retire.retire_page, name="retire"),
    path("components/<str:reference>/model/", choose_model.choose_model, name="choose-model"),
    path("sheets/<str:reference>/declare/", declare.declare_page, name="declare"),
    path("components/<str:reference>/rollouts/", rollout.record_rollout_page, name="record-rollout"),
    path("rollouts/<str:reference>/correct/", correct_rollout.correct_rollout_page, name="correct-rollout"),
    path("log/", audit_log.audit_log, name="audit-log"),
    path("log/checkpoints/<int:size>/", audit_log.download_checkpoint, name="audit-checkpoint"),
    path("jobs/", jobs.job_list, name="jobs"),
    path("jobs/<int:key>/retry/", jobs.retry, name="retry-job"),
    path("search/", search.search, name="search"),
    path("theme/", choose_theme, name="theme"),
    path("style/", style_page, name="style"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
