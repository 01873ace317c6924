"""Registers the package with Django."""

from django.apps import AppConfig


class MattersConfig(AppConfig):
    """Bihuan's matters package."""

    name = "bihuan.matters"
    label = "matters"
    verbose_name = "事项"
