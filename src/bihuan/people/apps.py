"""Registers the package with Django, the permission rule and the record."""

from typing import Any

from django.apps import AppConfig
from django.core.exceptions import FieldDoesNotExist
from django.db.models.signals import post_migrate


class PeopleConfig(AppConfig):
    """Bihuan's people package."""

    name = "bihuan.people"
    label = "people"
    verbose_name = "人员岗位"

    def ready(self) -> None:
        """Tell the rule how people are guarded, and keep the shipped roles in the database."""
        from bihuan.people.registry import register

        register()
        post_migrate.connect(_write_roles, sender=self, dispatch_uid="bihuan.people.roles")


def _write_roles(**kwargs: Any) -> None:
    # After a migration back to an older state the table may be another one: only write to the current one.
    apps = kwargs.get("apps")
    if apps is not None:
        try:
            apps.get_model("people", "Role")._meta.get_field("customised")
        except (LookupError, FieldDoesNotExist):
            return
    from bihuan.people.roles import sync_roles

    sync_roles()
