"""What all tests share: the browser, Hypothesis's settings, CI's rule that nothing is skipped."""

import os
import signal
from pathlib import Path

import hypothesis
import pytest

from funnelkit.faces.pdf import installed_browser

# nbval checks the workbook's notebooks; those that tests keep beside them are their data.
collect_ignore_glob = ["*.ipynb"]

# What a shell runs in the background ignores Ctrl+C and hands that on: tests press it.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Hypothesis's default, which draws the same examples every time where CI is set; no deadline,
# since two workers share two cores with kernels and browsers.
# Half of the usual examples: `make test` stays under ten minutes, `make stress` draws thousands.
hypothesis.settings.register_profile(
    "funnelkit", parent=hypothesis.settings.default, deadline=None, max_examples=50
)
hypothesis.settings.load_profile("funnelkit")


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Path of an installed Chromium, Chrome or Edge."""
    browser = installed_browser()
    if browser is None:
        pytest.skip("no Chromium, Chrome or Edge is installed")
    return browser


def skipped_in_ci(config: pytest.Config) -> list[pytest.TestReport]:
    """Return reports of skipped tests where the environment says CI, none elsewhere."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    is_worker = hasattr(config, "workerinput")
    if is_worker or reporter is None or not os.environ.get("CI"):
        return []
    return reporter.getreports("skipped")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if skipped_in_ci(session.config) and session.exitstatus in (
        pytest.ExitCode.OK,
        pytest.ExitCode.NO_TESTS_COLLECTED,
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if skipped := skipped_in_ci(terminalreporter.config):
        terminalreporter.section("skipped in CI", sep="=", red=True)
        terminalreporter.line("In CI every test must run; these were skipped, so the run fails:")
        for report in skipped:
            terminalreporter.line(f"  {report.nodeid}")
