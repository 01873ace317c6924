"""Registers the package with Django."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Bihuan's api package."""

    name = "bihuan.api"
    label = "api"
    verbose_name = "接口"

    def ready(self) -> None:
        """Tell the layers below: verbs, scopes, the channel of hooks and the job that feeds them."""
        from bihuan.api import chain, hooks

        chain.register()
        hooks.register()
