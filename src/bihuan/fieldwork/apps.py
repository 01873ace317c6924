"""Registers the package with Django."""

from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    """Bihuan's fieldwork package."""

    name = "bihuan.fieldwork"
    label = "fieldwork"
    verbose_name = "巡访"
