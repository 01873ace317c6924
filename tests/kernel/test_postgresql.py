"""The connection to the database: prepared statements, its health, instants."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from bihuan import env
from bihuan.kernel.models import RateCount

AT = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


def _options(monkeypatch: pytest.MonkeyPatch, url: str) -> Any:
    monkeypatch.setenv("DATABASE_URL", url)
    return env.databases()["default"]["OPTIONS"]


def test_statements_are_prepared_unless_the_address_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _options(monkeypatch, "postgresql://b@h/d") == {
        "server_side_binding": True,
        "prepare_threshold": env.PREPARE_AFTER,
    }
    assert _options(monkeypatch, "postgresql://b@h/d?prepare=0") == {}
    assert _options(monkeypatch, "postgresql://b@h/d?sslmode=require&prepare=0") == {"sslmode": "require"}


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_ended_is_found_out_and_replaced() -> None:
    other = connection.copy()
    other.ensure_connection()
    try:
        assert other.is_usable()
        if other.vendor == "sqlite":  # nobody can end it but ourselves
            return
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        until = time.monotonic() + 10
        while other.is_usable() and time.monotonic() < until:
            time.sleep(0.01)
        assert not other.is_usable()
        other.health_check_enabled, other.health_check_done = True, False  # as at the beginning of a request
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            assert cursor.fetchone() != (pid,)
    finally:
        other.close()


@pytest.mark.django_db
def test_instants_come_back_aware_however_they_are_read() -> None:
    RateCount.objects.create(key="k", count=1, expires_at=AT)
    read = [
        RateCount.objects.get(key="k").expires_at,
        *RateCount.objects.values_list("expires_at", flat=True),
        *(row.expires_at for row in RateCount.objects.iterator()),
    ]
    assert read == [AT, AT, AT]
    assert {value.utcoffset() for value in read} == {timedelta(0)}
