"""Registers the package with Django."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Bihuan's kernel package."""

    name = "bihuan.kernel"
    label = "kernel"
    verbose_name = "闭环内核"

    def ready(self) -> None:
        """Register the channels and the background jobs."""
        from . import channels, jobs

        channels.register()
        jobs.register()
