"""Registers the package with Django."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Bihuan's api package."""

    name = "bihuan.api"
    label = "api"
    verbose_name = "接口"
