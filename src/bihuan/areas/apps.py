"""Registers the package with Django, the permission rule and the record."""

from django.apps import AppConfig


class AreasConfig(AppConfig):
    """Bihuan's areas package."""

    name = "bihuan.areas"
    label = "areas"
    verbose_name = "区域"

    def ready(self) -> None:
        """Tell the rule how areas are guarded, and the record how its entries read."""
        from bihuan.areas.registry import register

        register()
