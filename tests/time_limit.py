"""--stop-after SECONDS: what has not begun by then is not run, is listed at the end, and fails nothing."""

import time

import pytest

_BEGAN = time.monotonic()
_REASON = "not run: the time of --stop-after was up"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--stop-after", type=float, metavar="SECONDS", help="begin no test after so many seconds")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    limit = item.config.getoption("stop_after")
    if limit is not None and time.monotonic() - _BEGAN > limit:
        pytest.skip(_REASON)


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    left = [report.nodeid for report in terminalreporter.stats.get("skipped", []) if _REASON in str(report.longrepr)]
    if left:
        terminalreporter.section(f"Time was up after {config.getoption('stop_after'):.0f} s: {len(left)} tests not run")
        for nodeid in left:
            terminalreporter.write_line(nodeid)
