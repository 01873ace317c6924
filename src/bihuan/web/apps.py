"""Registers the package with Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Bihuan's web package."""

    name = "bihuan.web"
    label = "web"
    verbose_name = "网页"
