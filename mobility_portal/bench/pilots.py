"""What each method of a pilot does in made-up trials: errors without an effect, coverage, power. Two processes.

Every module of `pilot_cells` that lists its functions in CELLS takes part. One row a design in the table; every setting
in `bench_pilots.csv` beside `bench.json`.
"""

import csv
import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from importlib import import_module
from math import sqrt
from multiprocessing import get_context
from pathlib import Path
from pkgutil import iter_modules

from mobility_portal.bench import pilot_cells
from mobility_portal.bench.pilot_cells.cell import NOT_OFFERED, Cell
from mobility_portal.bench.results import Results, key_of
from mobility_portal.embedded.home import find_home

DRAWS = 20_000
PROCESSES = 2
LIMIT = 5.5  # percent of trials without an effect
Job = tuple[str, int, int]  # module, place in its CELLS, draws


def report(results: Results, draws: int = DRAWS, only: str = "") -> None:
    """`only`: the name of one module of `pilot_cells`."""
    start, busy = time.perf_counter(), 0.0
    found: dict[tuple[str, int], list[Cell]] = {}
    path = find_home().path / "bench_pilots.csv"
    rows: list[tuple[str, Cell]] = []
    for place, cells, seconds in _run([job for job in jobs(draws) if only in ("", job[0])]):
        found[place] = cells
        busy += seconds
        rows = [(module, cell) for (module, _), part in sorted(found.items()) for cell in part]
        save(path, rows)  # a run that is interrupted keeps what it has
    summarize(results, [cell for _, cell in rows])
    detail = f"{len(rows)} settings in {time.perf_counter() - start:.0f} s; each is a line of {path.name}"
    results.add("pilots_core_minutes", busy / 60.0, detail)


def jobs(draws: int) -> list[Job]:
    """All functions of all modules, in the order of their names."""
    names = sorted(module.name for module in iter_modules(pilot_cells.__path__))
    lists = {name: getattr(import_module(f"{pilot_cells.__name__}.{name}"), "CELLS", ()) for name in names}
    return [(name, place, draws) for name, functions in lists.items() for place in range(len(functions))]


def run_job(job: Job) -> tuple[list[Cell], float]:
    """The rows of one function, and the seconds of a core that they took."""
    module, place, draws = job
    start = time.process_time()
    cells = import_module(f"{pilot_cells.__name__}.{module}").CELLS[place](draws)
    return list(cells), time.process_time() - start


def _run(asked: list[Job]) -> Iterator[tuple[tuple[str, int], list[Cell], float]]:
    # One thread of linear algebra each, read when a new process loads numpy: two processes are two cores.
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        running = {pool.submit(run_job, job): job for job in asked}
        for done in as_completed(running):
            module, place, _ = running[done]
            yield (module, place), *done.result()


def limit_for(draws: int) -> float:
    """The highest share that is not beyond the limit for certain: two Monte-Carlo errors more. 20,000 draws: 5.82."""
    return LIMIT + (200.0 * sqrt(LIMIT / 100.0 * (1.0 - LIMIT / 100.0) / draws) if draws else 0.0)


def is_beyond(cell: Cell) -> bool:
    is_judged = not cell.design.startswith(NOT_OFFERED) and cell.false_positives is not None
    return is_judged and (cell.false_positives or 0.0) > limit_for(cell.draws)


def summarize(results: Results, cells: list[Cell]) -> None:
    """One line a design: its worst setting, and the ranges of coverage and power."""
    by_design: dict[str, list[Cell]] = {}
    for cell in cells:
        by_design.setdefault(cell.design, []).append(cell)
    for design, mine in by_design.items():
        judged = [cell for cell in mine if cell.false_positives is not None]
        if not judged:
            continue
        worst = max(judged, key=lambda cell: cell.false_positives or 0.0)
        parts = [worst.setting, _range("covers", [cell.coverage for cell in mine])]
        parts += [_range("power", [cell.power for cell in mine]), f"{len(mine)} settings"]
        results.add(
            f"pilots_{key_of(design)}_worst_percent", worst.false_positives or 0.0, "; ".join(filter(None, parts))
        )
    beyond = [cell for cell in cells if is_beyond(cell)]
    results.add("pilots_settings_beyond_limit", len(beyond), f"over {LIMIT} percent by more than two errors")
    for cell in beyond:
        results.say(f"beyond: {cell.design}; {cell.setting}: {cell.false_positives:.2f}%")


def _range(word: str, values: list[float | None]) -> str:
    given = [value for value in values if value is not None]
    return f"{word} {min(given):.0f} to {max(given):.0f}" if given else ""


def save(path: Path, cells: list[tuple[str, Cell]]) -> None:
    """The whole file anew: module, then the fields of a row, percentages with two decimals."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    with draft.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["module", *Cell.__dataclass_fields__])
        for module, cell in cells:
            values = asdict(cell).values()
            rows.writerow([module, *(round(value, 2) if isinstance(value, float) else value for value in values)])
    draft.replace(path)
