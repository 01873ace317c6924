"""Registers the package with Django, and with the layers below what it brings: verbs, its scope, its jobs."""

from django.apps import AppConfig


class MattersConfig(AppConfig):
    """Bihuan's matters package."""

    name = "bihuan.matters"
    label = "matters"
    verbose_name = "事项"

    def ready(self) -> None:
        """Register verbs, notices, the permission scope and the recurring jobs."""
        from bihuan.matters import jobs, scope, verbs

        verbs.register()
        scope.register()
        jobs.register()
