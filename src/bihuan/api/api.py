"""What the pages may use of the interfaces: keys, hooks, calendar links.

Keys: ``make_key(*, actor, name, area_code, scopes, days=365, per_minute=60, key_id=None) -> MadeKey(row, text)``,
``revoke_key(*, actor, key_id, reason)``, ``keys_for(actor)``, ``in_force(row, now)``; what they may: ``SCOPES``.

Hooks: ``make_hook(*, actor, area_code, url, events, hook_id=None) -> MadeHook(row, secret)``, ``set_paused``,
``end_hook``, ``replay(*, actor, hook_id, message_ids=(), since=None) -> int``, ``hooks_for(actor)``,
``messages_of(actor, hook_id, before=None, limit=50)``; what they tell: ``EVENTS``.

Calendars: ``make_link(*, actor) -> str``, ``end_link(*, actor)``, ``link_since(actor)``.
"""

from __future__ import annotations

from bihuan.api.calendars import end_link, link_since, make_link
from bihuan.api.events import EVENTS
from bihuan.api.hooks import Made as MadeHook
from bihuan.api.hooks import end_hook, hooks_for, make_hook, messages_of, replay, set_paused
from bihuan.api.keys import Made as MadeKey
from bihuan.api.keys import in_force, keys_for, make_key, revoke_key
from bihuan.api.scopes import SCOPES, Scope

__all__ = [
    "EVENTS",
    "SCOPES",
    "MadeHook",
    "MadeKey",
    "Scope",
    "end_hook",
    "end_link",
    "hooks_for",
    "in_force",
    "keys_for",
    "link_since",
    "make_hook",
    "make_key",
    "make_link",
    "messages_of",
    "replay",
    "revoke_key",
    "set_paused",
]
