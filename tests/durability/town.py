"""A small town on an empty database, and afterwards what its record holds: each run in a process of its own.

``python -m tests.durability.town make`` prints the sessions; ``… count`` and ``… field`` read ids from
standard input and print how often each stands in the record.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from typing import Any
from uuid import UUID

METHOD = "yiwang-sanbu-wuqin"


def make() -> dict[str, str]:
    """Migrate, load territory, people and the method; return the grid leader's session."""
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command

    from bihuan.areas.sample import load_sample
    from bihuan.demo import cast, database
    from bihuan.demo.world import World
    from bihuan.methods.api import install, library_files
    from bihuan.people.actions import make_sign_in
    from bihuan.people.api import SYSTEM
    from bihuan.people.models import User

    database.make_room()
    call_command("migrate", verbosity=0, interactive=False)
    world = World()
    with world.on("2023-12-01 09:00"):
        load_sample(actor=SYSTEM)
    with world.on("2023-12-04 09:00"):
        world.settle_in()
        source = library_files()[METHOD].read_text(encoding="utf-8")
        install(actor=SYSTEM, source=source, area_code=cast.COMMUNITY, default_for_reports=True)
        made = make_sign_in(
            actor=SYSTEM, person_id=world.person("grid_leader"), username="leader", must_change=False,
            entry_id=world.id(),
        )  # fmt: skip
    user = User.objects.get(username=made.username)
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = "bihuan.people.backends.PasswordBackend"
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.create()
    return {"session": session.session_key or ""}


def field(asked: dict[str, list[str]]) -> dict[str, Any]:
    """Return the visits in the order in which they were taken in, how often each entry stands, whose each file is."""
    from bihuan.fieldwork.models import Finding, Visit
    from bihuan.kernel.models import Entry, StoredFile

    visits = list(Visit.objects.order_by("recorded_at", "id").values_list("pk", "text"))
    entries = Counter(str(key) for key in Entry.objects.values_list("pk", flat=True))
    files = StoredFile.objects.values_list("pk", "subject_type", "subject_id")
    return {
        "visits": [(str(key), text) for key, text in visits],
        "entries": {key: entries[key] for key in asked["items"]},
        "entries_of_visits": Entry.objects.filter(subject_type="visit").count(),
        "findings": {str(key): str(visit) for key, visit in Finding.objects.values_list("pk", "visit_id")},
        "files": {str(key): [kind, str(subject)] for key, kind, subject in files},
    }


def count(asked: dict[str, list[str]]) -> dict[str, Any]:
    """Return how often each matter and each entry asked about is in the record, and what else there is."""
    from bihuan.kernel.models import Entry
    from bihuan.matters.models import Matter

    matters = [str(key) for key in Matter.objects.values_list("pk", flat=True)]
    entries = Counter(str(key) for key in Entry.objects.filter(subject_type="matter").values_list("pk", flat=True))
    numbers = Matter.objects.values_list("number", flat=True)
    heads = {str(UUID(str(key))): version for key, version in Matter.objects.values_list("pk", "version")}
    lengths = Counter(
        str(key) for key in Entry.objects.filter(subject_type="matter").values_list("subject_id", flat=True)
    )
    return {
        "matters": {key: matters.count(key) for key in asked["matters"]},
        "acts": {key: entries[key] for key in asked["acts"]},
        "all_matters": len(matters),
        "all_numbers": len(set(numbers)),
        "torn": sorted(key for key, version in heads.items() if lengths[key] != version),
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.settings")
    import django

    django.setup()
    what = sys.argv[1]
    answer = make() if what == "make" else {"count": count, "field": field}[what](json.load(sys.stdin))
    sys.stdout.write(json.dumps(answer) + "\n")
