"""Registers the package with Django."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Bihuan's reporting package."""

    name = "bihuan.reporting"
    label = "reporting"
    verbose_name = "报表"
