"""Writes the figures as the tables of ``docs/benchmarks.md``."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from typing import Any

from bench import exports as of_exports
from bench import figures as of_figures
from bench import forms as of_forms
from bench import front

# Signalen 2.50.12 (City of Amsterdam) on the same kind of machine: 2 cores for server, database and client.
PEER = {"report": 26.0, "ledger": 396.0, "matter": 62.0, "map": 538.0}
PAGES = {
    "todo": "to-do list", "ledger_1": "ledger, page 1 (community)", "ledger_district_1": "ledger, page 1 (district)",
    "ledger_deep": "ledger, page 1,000 (district)", "map": "map of 48 micro-grids", "matter": "matter page",
    "search_two_characters": "search for a two-character word",
}  # fmt: skip
_UNKNOWN = "not measured"


def write(results: dict[str, Any], scales: list[int], phone: dict[str, Any] | None = None) -> str:
    """Return the whole page; ``phone``: what ``bench.front`` measured, none where there is no browser."""
    lines = [
        "# Benchmarks",
        "",
        f"Measured by `make bench` on {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores shared by client, server "
        f"and database, Python {platform.python_version()}. Wall times on shared cores are noisy; trust the ratios. "
        "*Raw* is the same rows written by plain SQL through the driver in the same run, into an empty copy of the "
        "same tables with the same indexes, one transaction a report (single) or 500 reports (batch). PostgreSQL "
        "runs with its ordinary durable settings. Nine in ten matters are closed, spread over 57 communities; the "
        "first 600 lie in the community whose pages are timed: its lists fill a page of fifty lines at every size.",
        "",
    ]
    for engine, figures in results.items():
        lines += [f"## {'SQLite' if engine == 'sqlite' else 'PostgreSQL'}", ""]
        lines += _intake(figures) + _field(figures)
        if "figures" in figures:
            lines += of_figures.table(figures["figures"], figures["intake"]["report_http_8"]["rate"])
            lines += of_forms.table(figures["figures"]["forms"])
            if "exports" in figures["figures"]:
                lines += of_exports.table(figures["figures"]["exports"])
        lines += _pages(figures["pages"], scales)
    lines += [
        "Signalen's figures (26 reports/s with 8 clients, list page 396 ms at 100,000, one matter 62 ms, map 538 ms) "
        "were measured on the same kind of machine with uWSGI and PostgreSQL 15.",
        "",
    ]
    lines += front.table(phone) if phone else []
    return "\n".join([*lines, *_aims(results, scales)])


def _aims(results: dict[str, Any], scales: list[int]) -> list[str]:
    """Return the table of what was aimed at, and whether this run met it."""
    engines = [("sqlite", "SQLite"), ("postgresql", "PostgreSQL")]
    present = [(key, name) for key, name in engines if key in results]
    rows = [
        ("at least 20× Signalen's 26 reports/s with 8 clients", _intake_aim),
        ("a batch at least half as fast as raw rows", _batch_aim),
        ("the ledger's page at least 50× faster than 396 ms at 100,000", _ledger_aim),
        (f"every page within 1.5× from {min(scales):,} to {max(scales):,}", _flat_aim),
        *_OF_FIGURES,
    ]
    names = " | ".join(name for _key, name in present)
    lines = ["## Against the aims", "", f"| aim | {names} |", "|---|" + "---|" * len(present)]
    for words, said in rows:
        cells = [said(results[key], scales) for key, _name in present]
        if set(cells) != {_UNKNOWN}:
            lines.append(f"| {words} | {' | '.join(cells)} |")
    held = "Statements are held by tests, not measured here: a report at most 10, a change of step 12, the ledger 12."
    return [*lines, "", held, ""]


def _met(met: bool, words: str) -> str:  # noqa: FBT001
    return f"{words}: {'met' if met else '**not met**'}"


def _intake_aim(figures: dict[str, Any], scales: list[int]) -> str:
    times = figures["intake"]["report_http_8"]["rate"] / PEER["report"]
    return _met(times >= 20, f"{times:.1f}×")


def _batch_aim(figures: dict[str, Any], scales: list[int]) -> str:
    share = figures["intake"]["report_batch_500"]["rate"] / figures["intake"]["raw_batch"]
    return _met(share >= 0.5, f"{share:.0%}")


def _ledger_aim(figures: dict[str, Any], scales: list[int]) -> str:
    if "100000" not in figures["pages"]:
        return _UNKNOWN
    times = PEER["ledger"] / figures["pages"]["100000"]["ledger_1"]["p50"]
    return _met(times >= 50, f"{times:.0f}×")


def _flat_aim(figures: dict[str, Any], scales: list[int]) -> str:
    pages = figures["pages"]
    first, last = pages[str(min(scales))], pages[str(max(scales))]
    ratios = {title: last[key]["p50"] / first[key]["p50"] for key, title in PAGES.items()}
    over = [f"{title} {ratio:.2f}×" for title, ratio in ratios.items() if ratio > 1.5]
    return _met(not over, f"at most {max(ratios.values()):.2f}×" if not over else "; ".join(over))


def _figures_fast_aim(figures: dict[str, Any], scales: list[int]) -> str:
    if "figures" not in figures:
        return _UNKNOWN
    slowest = of_figures.slowest_page(figures["figures"])
    return _met(slowest < 100, f"at most {slowest:.0f} ms")


def _figures_flat_aim(figures: dict[str, Any], scales: list[int]) -> str:
    if "figures" not in figures or len(figures["figures"]["pages"]) < 2:
        return _UNKNOWN
    ratios = of_figures.flat(figures["figures"])
    over = [f"{title} {ratio:.2f}×" for title, ratio in ratios.items() if ratio > 1.5]
    return _met(not over, f"at most {max(ratios.values()):.2f}×" if not over else "; ".join(over))


def _fold_aim(figures: dict[str, Any], scales: list[int]) -> str:
    if "figures" not in figures:
        return _UNKNOWN
    times = of_figures.slowest_fold(figures["figures"]) / figures["intake"]["report_http_8"]["rate"]
    return _met(times >= 1, f"{times:.1f}×")


def _form_aim(figures: dict[str, Any], scales: list[int]) -> str:
    if "figures" not in figures:
        return _UNKNOWN
    slowest = max(form["p95"] for sizes in figures["figures"]["forms"].values() for form in sizes.values()) / 1000
    return _met(slowest < 2, f"at most {slowest:.2f} s")


def _memory_aim(figures: dict[str, Any], scales: list[int]) -> str:
    found = figures.get("figures", {}).get("exports")
    if not found:
        return _UNKNOWN
    words = [
        f"{title} {found['tenth'][key]['peak_mb']:.1f} → {found['whole'][key]['peak_mb']:.1f} MB"
        for key, title in of_exports.TITLES.items()
    ]
    return _met(of_exports.constant(found), ", ".join(words))


_OF_FIGURES = (
    ("the cockpit and every page of figures under 100 ms (p95) at every size", _figures_fast_aim),
    ("the same within 1.5× from the smallest district to the largest (p50)", _figures_flat_aim),
    ("figures folded at least as fast as reports come in with 8 clients", _fold_aim),
    ("a superior's form filled in under 2 s (p95)", _form_aim),
    ("a register written out in the same memory at a tenth and whole (1.5×, or 10 MB)", _memory_aim),
)


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


def _field(figures: dict[str, Any]) -> list[str]:
    """Return the table of a phone's sync: 500 visits, each with its entry, what is sealed, and its coverage."""
    if "field" not in figures:
        return []
    field = figures["field"]
    per = field["rows"] / 500
    return [
        "| a phone's sync of 500 visits | seconds | visits/s | rows/s | ratio to the raw limit |",
        "|---|---|---|---|---|",
        f"| by HTTP, five queues of 100 on one connection | {field['seconds']:.2f} (slowest {field['slowest']:.2f}) "
        f"| {field['visits']:,.0f} | {field['rows_per_second']:,.0f} | {field['ratio']:.0%} |",
        f"| the use case in process, 500 in one transaction | {field['in_process_seconds']:.2f} "
        f"| {500 / field['in_process_seconds']:,.0f} | {field['rows'] / field['in_process_seconds']:,.0f} "
        f"| {field['raw_seconds'] / field['in_process_seconds']:.0%} |",
        f"| raw: the same rows, 100 visits a transaction | {field['raw_seconds']:.2f} "
        f"| {500 / field['raw_seconds']:,.0f} | {field['raw_rows_per_second']:,.0f} | 100% |",
        "",
        f"A visit is {per:.0f} rows: itself, its entry, what is sealed of it, and its round's coverage.",
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
