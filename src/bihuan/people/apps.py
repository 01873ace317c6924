"""Registers the package with Django."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Bihuan's people package."""

    name = "bihuan.people"
    label = "people"
    verbose_name = "人员岗位"
