"""Writes the figures as the tables of ``docs/benchmarks.md``."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from typing import Any

# Signalen 2.50.12 (City of Amsterdam) on the same kind of machine: 2 cores for server, database and client.
PEER = {"report": 26.0, "ledger": 396.0, "matter": 62.0, "map": 538.0}
PAGES = {
    "todo": "to-do list", "ledger_1": "ledger, page 1 (community)", "ledger_district_1": "ledger, page 1 (district)",
    "ledger_deep": "ledger, page 1,000 (district)", "map": "map of 48 micro-grids", "matter": "matter page",
    "search_two_characters": "search for a two-character word",
}  # fmt: skip


def write(results: dict[str, Any], scales: list[int]) -> str:
    """Return the whole page."""
    lines = [
        "# Benchmarks",
        "",
        f"Measured by `make bench` on {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores shared by client, server "
        f"and database, Python {platform.python_version()}. Wall times on shared cores are noisy; trust the ratios. "
        "*Raw* is the same rows written by plain SQL through the driver in the same run, into an empty copy of the "
        "same tables with the same indexes, one transaction a report (single) or 500 reports (batch). PostgreSQL "
        "runs with its ordinary durable settings. Nine in ten matters are closed, spread over 57 communities.",
        "",
    ]
    for engine, figures in results.items():
        lines += [f"## {'SQLite' if engine == 'sqlite' else 'PostgreSQL'}", ""]
        lines += _intake(figures) + _pages(figures["pages"], scales)
    lines += [
        "Signalen's figures (26 reports/s with 8 clients, list page 396 ms at 100,000, one matter 62 ms, map 538 ms) "
        "were measured on the same kind of machine with uWSGI and PostgreSQL 15.",
        "",
    ]
    return "\n".join(lines)


def _intake(figures: dict[str, Any]) -> list[str]:
    intake, inside = figures["intake"], figures["in_process"]
    rows = []
    for clients in (8, 32):
        run = intake[f"report_http_{clients}"]
        rows.append(
            f"| reports accepted by HTTP, {clients} clients | {run['rate']:,.0f}/s "
            f"| {run['p50']:.1f} / {run['p95']:.1f} ms "
            f"| {run['rate'] / intake['raw_single']:.0%} of raw single | {run['rate'] / PEER['report']:.0f}× Signalen |"
        )
    run = intake["report_batch_500"]
    rows.append(
        f"| reports by HTTP in batches of 500 | {run['rate']:,.0f}/s | {run['p50']:.0f} / {run['p95']:.0f} ms a batch "
        f"| {run['rate'] / intake['raw_batch']:.0%} of raw batch | |"
    )
    return [
        "| what | rate | p50 / p95 | ratio to the raw limit | beside a peer |",
        "|---|---|---|---|---|",
        *rows,
        f"| raw: the same rows, one transaction a report | {intake['raw_single']:,.0f}/s | | 100% | |",
        f"| raw: the same rows, 500 a transaction | {intake['raw_batch']:,.0f}/s | | 100% | |",
        f"| `advance()`, one transaction each, in process | {inside['advance']:,.0f}/s | | | |",
        f"| engine `decide()` alone | {inside['decide']:,.0f}/s | | | |",
        f"| points located, one by one | {inside['points']:,.0f}/s | | | |",
        f"| points located, in an array | {inside['points_array']:,.0f}/s | | | |",
        "",
    ]


def _pages(pages: dict[str, Any], scales: list[int]) -> list[str]:
    present = [scale for scale in scales if str(scale) in pages]
    head = " | ".join(f"{scale:,} matters" for scale in present)
    lines = [
        f"| page, p50 / p95 in ms | {head} | largest ÷ smallest (p50) | beside a peer at 100,000 |",
        "|---|" + "---|" * (len(present) + 2),
    ]
    for key, title in PAGES.items():
        cells = [pages[str(scale)][key] for scale in present]
        times = " | ".join(f"{cell['p50']:.1f} / {cell['p95']:.1f}" for cell in cells)
        lines.append(f"| {title} | {times} | {cells[-1]['p50'] / cells[0]['p50']:.2f}× | {_beside(key, pages)} |")
    lines += ["", "Where there are fewer than 1,000 pages, the deep page is the last but one.", ""]
    return lines


def _beside(key: str, pages: dict[str, Any]) -> str:
    peer = {"ledger_1": "ledger", "ledger_district_1": "ledger", "matter": "matter", "map": "map"}.get(key)
    if peer is None or "100000" not in pages:
        return ""
    return f"{PEER[peer] / pages['100000'][key]['p50']:.0f}× faster than Signalen's"
