"""Registers the package with Django."""

from django.apps import AppConfig


class AreasConfig(AppConfig):
    """Bihuan's areas package."""

    name = "bihuan.areas"
    label = "areas"
    verbose_name = "区域"
