"""What the public record says of the ten cities' projects, from `initiatives/results/*.toml`. Pure."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from engagements.results.records import Arm, ProjectFields, ResultFields, Source
from engagements.results.rules.checks import validate

_PROJECT_OF_ITS_FILE = 0  # stands for the id that the database gives


class ResultsFileError(ValueError):
    """The portal's own file breaks the rules of results."""


@dataclass(frozen=True)
class ShippedResult:
    key: str
    fields: ResultFields


@dataclass(frozen=True)
class ShippedProject:
    """A city's project; `places` were searched until `searched_on` where it has no result."""

    city: str
    key: str
    fields: ProjectFields
    results: tuple[ShippedResult, ...]
    places: str


@dataclass(frozen=True)
class ShippedRecord:
    """`outside`: (city, result) that nobody has shown to be of the initiative."""

    initiative: str
    searched_on: date
    searched_by: str
    projects: tuple[ShippedProject, ...]
    outside: tuple[tuple[str, ShippedResult], ...]


def read_results(path: Path) -> ShippedRecord:
    """Raises ResultsFileError."""
    read = tomllib.loads(path.read_text("utf-8"))
    projects = tuple(_project(entry, read["searched"]) for entry in read["project"])
    outside = tuple((entry["city"], _result({**entry, "is_outside": True}, None)) for entry in read.get("outside", []))
    return ShippedRecord(read["initiative"], read["searched_on"], read["searched_by"], projects, outside)


def _project(entry: dict[str, Any], searched: str) -> ShippedProject:
    given = {name: value for name, value in entry.items() if name not in ("city", "key", "result", "searched")}
    places = "; ".join(part for part in (searched, entry.get("searched", "")) if part)
    results = tuple(_result(each, _PROJECT_OF_ITS_FILE) for each in entry.get("result", []))
    return ShippedProject(entry["city"], entry["key"], ProjectFields(**given), results, places)


def _result(entry: dict[str, Any], project: int | None) -> ShippedResult:
    given = {name: value for name, value in entry.items() if name not in ("city", "key", "source", "arm")}
    sources = tuple(Source(**each) for each in entry.get("source", []))
    arms = tuple(Arm(**each) for each in entry.get("arm", []))
    fields = ResultFields(**given, project=project, sources=sources, arms=arms)
    if problems := validate(fields):
        raise ResultsFileError(f"{entry['key']}: {problems}")
    return ShippedResult(entry["key"], fields)
