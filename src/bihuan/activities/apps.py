"""Registers the package with Django."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    """Bihuan's activities package."""

    name = "bihuan.activities"
    label = "activities"
    verbose_name = "活动"

    def ready(self) -> None:
        """Tell the layers below what this package adds: its section of the method file."""
        from bihuan.activities import language

        language.register()
