"""A pytest plugin: where everything is required, a skipped test is a failed one."""

from __future__ import annotations

from collections.abc import Generator

import pytest

WHY = "BIHUAN_REQUIRE_ALL=1: nothing may be skipped here. "


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip (but not an expected failure) into a failure that says what was skipped."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{WHY}{item.nodeid}: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a module skipped as a whole into a failure as well."""
    report = yield
    if report.outcome == "skipped":
        report.outcome = "failed"
        report.longrepr = f"{WHY}{collector.nodeid}: {report.longrepr}"
    return report
