"""Registers the package with Django."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    """Bihuan's activities package."""

    name = "bihuan.activities"
    label = "activities"
    verbose_name = "活动"
