"""Registers the package with Django."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Bihuan's meetings package."""

    name = "bihuan.meetings"
    label = "meetings"
    verbose_name = "会议"
