"""The connection to PostgreSQL: Django's own, but for what it costs on every request.

- Whether the server is still there is asked of the socket, not by a ``SELECT 1``: a connection that PostgreSQL
  ended is readable (its end, or the server's last message); one that merely waits is not.
- Instants are read by psycopg's compiled loader; Django's own replaces their zone in Python, a hundred times a page.
  The zone is the connection's, which is UTC (``USE_TZ``).
"""

from __future__ import annotations

import select
from functools import partial
from typing import Any

from django.db.backends.postgresql import base
from psycopg.types.datetime import TimestamptzLoader


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection as Django's, with a cheap check of its health and compiled loading of instants."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; read instants by the compiled loader."""
        connection = super().get_new_connection(conn_params)
        connection.adapters.register_loader("timestamptz", TimestamptzLoader)
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        """Return a cursor; Django's would look for its own loader first."""
        if not name:
            return self.connection.cursor()
        bound = self.settings_dict["OPTIONS"].get("server_side_binding") is True
        make = self.connection.cursor if bound else partial(base.ServerSideCursor, self.connection)  # type: ignore[attr-defined]
        return make(name, scrollable=False, withhold=self.connection.autocommit)

    def is_usable(self) -> bool:
        """Say whether the server is there: by its silence, or after an error by asking it."""
        if self.connection is None:
            return False
        if not self.errors_occurred and not self.connection.closed and self._silent():
            return True
        return bool(super().is_usable())

    def _silent(self) -> bool:
        try:
            socket = self.connection.pgconn.socket
            poll = select.poll()
            poll.register(socket, select.POLLIN | select.POLLERR | select.POLLHUP)
        except (OSError, AttributeError, ValueError):  # no such socket, or no poll() on this system
            return False
        return not poll.poll(0)
