"""Registers the package with Django."""

from django.apps import AppConfig


class MethodsConfig(AppConfig):
    """Bihuan's methods package."""

    name = "bihuan.methods"
    label = "methods"
    verbose_name = "工作法"

    def ready(self) -> None:
        """Register verbs, scope and chain heads."""
        from .verbs import register

        register()
