"""The portal: settings, pages that join rooms, and the processes that serve them."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
