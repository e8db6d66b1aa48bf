"""Whole releases and a city's files: how long they take to make and to serve, beside Datasette with the same rows.

Datasette brings some twenty packages of its own, so it is no requirement of the project: the comparison runs where a
`datasette` program is found (DATASETTE names it, or PATH has it), and is said to be missing elsewhere.
"""

import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pandas as pd
import requests
from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler, get_internal_wsgi_application

from atlas.web.table_files import write_file
from dashboards.downloads import files
from dashboards.downloads.tables import _measures, _whole, estimate_table
from mobility_portal.bench.results import Results
from mobility_portal.bench.timing import Timing, measure

CITY = "detroit"
FORMATS = ("csv", "json")
LIMIT = 2.0  # seconds for a Parquet of every city and measure
_PATIENCE = 60.0  # seconds until a server has to answer
_COLD, _WARM = 3, 15  # runs


def forget_downloads() -> None:
    """As in a process that has made no file yet; what lies on the disk stays."""
    for cached in (_whole, _measures, files._current):
        cached.cache_clear()


def report(results: Results, forget: Callable[[], None]) -> None:
    """Needs live estimates of CITY. `forget` empties what queries remember."""

    def cold() -> None:
        forget()
        forget_downloads()

    made = measure(lambda: write_file(estimate_table(), "parquet"), _COLD, before=cold)
    rows = len(estimate_table().frame)
    results.add_milliseconds("download_parquet_all_cities_cold", made, f"{rows:,} rows", limit=LIMIT)
    with tempfile.TemporaryDirectory() as folder, _portal(Path(folder)) as portal:
        page = f"{portal}/data/download/"
        version = files.current_version()
        ours: dict[str, Timing] = {}
        for end in FORMATS:
            get = partial(_get, f"{page}{version}/{CITY}.{end}")
            get()  # written when it is first asked for
            ours[f"{end}_cold"] = measure(get, _COLD, before=cold)
            ours[f"{end}_warm"] = measure(get, _WARM)
        for name, taken in ours.items():
            results.add_milliseconds(f"download_city_{name}", taken)
        program = os.environ.get("DATASETTE") or shutil.which("datasette")
        if program is None:
            results.say(
                "Datasette is not installed: its times are not measured. DATASETTE=/path/to/datasette names it."
            )
            return
        theirs = _datasette(program, Path(folder), estimate_table(CITY).frame)
    for name, taken in theirs.items():
        results.add_milliseconds(f"datasette_city_{name}", taken)
        results.add(f"download_city_{name}_ratio", ours[name].median / taken.median, "of Datasette's time; at most 1")


@contextmanager
def _portal(home: Path) -> Iterator[str]:
    """The portal behind a real socket, with a home of its own for the files it writes."""
    kept, settings.MOBILITY_HOME = settings.MOBILITY_HOME, home
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
    server.set_app(get_internal_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        settings.MOBILITY_HOME = kept


class QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """The bench prints a table, not a log."""


def _datasette(program: str, folder: Path, frame: pd.DataFrame) -> dict[str, Timing]:
    """Times of the same rows; cold is the first request of a new process, whose file the disk cache holds."""
    store = folder / "rows.db"
    with closing(sqlite3.connect(store)) as connection:
        frame.to_sql("estimates", connection, index=False)
    asked = {"csv": "?_stream=on&_size=max", "json": "?_shape=objects&_size=max"}
    found: dict[str, Timing] = {}
    for end in FORMATS:
        first: list[float] = []
        for _ in range(_COLD):
            with _served(program, store) as origin:
                address = f"{origin}/rows/estimates.{end}{asked[end]}"
                start = time.perf_counter()
                _get(address)
                first.append(time.perf_counter() - start)
                warm = measure(partial(_get, address), _WARM)
        found |= {f"{end}_cold": Timing(tuple(first)), f"{end}_warm": warm}
    return found


@contextmanager
def _served(program: str, store: Path) -> Iterator[str]:
    port = _free_port()
    limits = ["--setting", "max_returned_rows", "1000000", "--setting", "max_csv_mb", "0"]
    serving = subprocess.Popen(  # noqa: S603 - a program of this machine, for a comparison of the bench
        [program, "serve", str(store), "--port", str(port), *limits],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        serving.terminate()
        serving.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"Nothing answers on port {port}.")


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _get(address: str) -> bytes:
    """Uncompressed from both. Raises for any answer but 200."""
    answer = requests.get(address, timeout=_PATIENCE, headers={"accept-encoding": "identity"})
    answer.raise_for_status()
    return answer.content
