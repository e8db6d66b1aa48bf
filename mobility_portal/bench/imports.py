"""Generated tract files through the whole pipeline: the simple one against a raw COPY, a wide one against a read.

Files are generated and read for comparison in processes of their own, so that the peak of memory is the import's.
"""

import csv
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection

from atlas.ingest.pipeline import run
from atlas.sample.early import write_early
from atlas.sample.simple_files import write_simple
from mobility_portal.bench.results import Results

RUNS = 5
WIDE_COLUMNS = 1500


def report(results: Results) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _simple(Path(folder), results)
        _wide(Path(folder), results)


def _simple(folder: Path, results: Results) -> None:
    """Each run brings other bytes (a letter of the last zone's name); the first run is not counted."""
    path = folder / "tract_outcomes_simple.csv"
    _in_own_process(write_simple, path)
    before = _peak()
    ratios = []
    for number in range(RUNS + 1):
        with open(path, "r+b") as stream:
            stream.seek(-1000, 2)
            stream.seek(-1000 + stream.read().rindex(b"one ") - 1, 2)
            stream.write(bytes([ord("A") + number]))
        copied = _copy(path)
        start = time.perf_counter()
        outcome = run(path, commit=True).outcome
        taken = time.perf_counter() - start
        assert outcome == "activated", outcome
        if number:
            ratios.append(taken / copied)
    ratios.sort()
    results.add(
        "import_simple_ratio",
        ratios[len(ratios) // 2],
        f"simple file ({path.stat().st_size / 1e6:.0f} MB), run() to the flip / raw COPY: "
        f"{ratios[0]:.2f} to {ratios[-1]:.2f} in {RUNS} runs; process peak {before:.0f} -> {_peak():.0f} MB",
    )
    results.add("import_simple_peak_mb", _peak(), f"of it {before:.0f} MB before the first file was opened")


def _wide(folder: Path, results: Results) -> None:
    path = folder / "tract_outcomes_early.csv"
    _in_own_process(write_early, path, columns=WIDE_COLUMNS)
    before = _peak()
    read = _in_own_process(read_streaming, path)
    start = time.perf_counter()
    found = run(path, commit=True)
    taken = time.perf_counter() - start
    assert found.outcome == "activated", found.sentence()
    said = f"full format, {WIDE_COLUMNS} columns ({path.stat().st_size / 1e6:.0f} MB)"
    results.add("import_wide_seconds", taken, f"{said}: process peak {before:.0f} -> {_peak():.0f} MB")
    results.add(
        "import_wide_ratio",
        taken / read,
        f"run() to the flip / streaming read of the same bytes by pyarrow ({read:.1f} s)",
    )
    results.add("import_wide_peak_mb", _peak(), f"of it {before:.0f} MB before the file was opened")


def read_streaming(path: Path) -> float:
    """Seconds of reading a file block by block into numbers with pyarrow, keeping nothing."""
    import pyarrow.csv

    start = time.perf_counter()
    with pyarrow.csv.open_csv(path) as reader:
        for _ in reader:
            pass
    return time.perf_counter() - start


def _in_own_process(work: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """What `work` answers, without its memory."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments, named)


def _copy(path: Path) -> float:
    """Seconds of COPY into one logged table of float8 columns without index."""
    with open(path, newline="") as stream:
        names = next(csv.reader(stream))
    columns = ", ".join(f'"{name}" {"text" if name == "czname" else "float8"}' for name in names)
    with connection.cursor() as cursor, open(path, "rb") as stream:
        cursor.execute("DROP TABLE IF EXISTS raw_copy")
        cursor.execute(f"CREATE TABLE raw_copy ({columns})")
        start = time.perf_counter()
        cursor.copy_expert("COPY raw_copy FROM STDIN (FORMAT csv, HEADER true)", stream)
        taken = time.perf_counter() - start
        cursor.execute("DROP TABLE raw_copy")
    return taken


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
