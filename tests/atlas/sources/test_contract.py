"""Every source fulfills the contract and is registered; a new one needs its module and its line in the registry."""

import inspect
import pkgutil
from importlib import import_module
from typing import get_args, get_type_hints

import numpy as np
import pytest

import atlas.sources
from atlas import vectors
from atlas.ingest.pipeline import run
from atlas.metrics.catalog import METRICS
from atlas.queries.live import live_catalog
from atlas.sources import registry
from atlas.sources.base import ParsedFile
from atlas.sources.contract import MapSource, Source, TableSource
from atlas.sources.datasets import get_dataset
from atlas.sources.detect import detect_source, source_names
from atlas.sources.opening import open_file
from tests.atlas.sources import example_source

MODULES = {
    module.name: import_module(f"atlas.sources.{module.name}")
    for module in pkgutil.iter_modules(atlas.sources.__path__)
}
NAME = "example_source"


def contract_of(name: str) -> type[Source]:
    return TableSource if name in registry.TABLE_SOURCES else MapSource


def constants(contract: type) -> dict[str, object]:
    return {name: hint for base in contract.__mro__[:-1] for name, hint in getattr(base, "__annotations__", {}).items()}


def functions(contract: type) -> dict[str, object]:
    found = inspect.getmembers(contract, inspect.isfunction)
    return {name: function for name, function in found if not name.startswith("_")}


def reads_a_format(module) -> bool:
    """Whether a module looks like a source: it detects files, or its `read` returns a parsed file."""
    read = getattr(module, "read", None)
    returned = get_type_hints(read).get("return") if inspect.isfunction(read) else None
    return hasattr(module, "matches_header") or hasattr(module, "matches_file") or returned in get_args(ParsedFile)


def test_every_module_that_reads_a_format_is_registered():
    assert {name for name, module in MODULES.items() if reads_a_format(module)} == set(source_names())
    assert all(registry.all_sources()[name] is MODULES[name] for name in source_names())


@pytest.mark.parametrize("name", source_names())
def test_every_source_has_the_constants_of_its_contract(name):
    module = registry.all_sources()[name]
    for constant in constants(contract_of(name)):
        assert isinstance(getattr(module, constant), tuple), f"{name}.{constant}"
    assert all(isinstance(key, str) for key in getattr(module, "KEY_COLUMNS", ()))
    assert {definition.slug: definition for definition in module.METRICS}.items() <= METRICS.items()


@pytest.mark.parametrize("name", source_names())
def test_every_source_has_the_functions_of_its_contract(name):
    """Same parameters in the same order with the same types; what a source adds has a default."""
    module = registry.all_sources()[name]
    for function_name, declared in functions(contract_of(name)).items():
        function = getattr(module, function_name)
        wanted = [parameter for parameter in inspect.signature(declared).parameters if parameter != "self"]
        parameters = inspect.signature(function).parameters
        assert list(parameters)[: len(wanted)] == wanted, f"{name}.{function_name}"
        extra = list(parameters.values())[len(wanted) :]
        assert all(parameter.default is not inspect.Parameter.empty for parameter in extra)
        hints, expected = get_type_hints(function), get_type_hints(declared)
        assert {key: hints[key] for key in wanted} == {key: expected[key] for key in wanted}
        if function_name == "read":
            assert hints["return"] in get_args(ParsedFile)
        else:
            assert hints["return"] == expected["return"]


@pytest.mark.parametrize("name", source_names())
def test_no_source_claims_a_data_set_it_does_not_read(name):
    assert registry.all_sources()[name].find_dataset("no such data set") is None


def test_the_catalog_of_metrics_is_that_of_the_sources():
    assert set(METRICS) == {d.slug for source in registry.all_sources().values() for d in source.METRICS}


@pytest.fixture
def example(tmp_path, monkeypatch):
    """A file of the made-up format, once its source is registered."""
    monkeypatch.setitem(registry.TABLE_SOURCES, NAME, example_source)
    path = tmp_path / "anything.csv"
    path.write_text("example_county,example_year,example_rank\n26163,2015,41.25\n22071,2015,\n")
    return path


def test_without_its_line_in_the_registry_a_format_is_unknown(tmp_path):
    path = tmp_path / "anything.csv"
    path.write_text("example_county,example_year,example_rank\n26163,2015,41.25\n")
    assert run(path).outcome == "skipped" and NAME not in source_names()


@pytest.mark.django_db
def test_a_registered_format_is_detected_staged_and_live(example):
    assert detect_source(open_file(example)).source == NAME
    assert NAME in source_names() and get_dataset("example_counties").title == "Example of a new format"
    report = run(example, commit=True)
    assert (report.outcome, report.source, report.rows_kept) == ("activated", NAME, 2), report.sentence()
    live = live_catalog().find("county", example_source.MEASURE)
    assert (live.release_id, live.source.title) == (report.release_id, "Example of a new format")
    values, _ = vectors.national(live.release_id, live.slug).at(np.array([26163, 22071]))
    assert values[0] == np.float32(0.4125) and np.isnan(values[1])


@pytest.mark.django_db
def test_a_registered_format_is_told_what_its_file_lacks(example):
    example.write_text("example_county,example_rank\n26163,41.25\n")
    report = run(example)
    assert report.outcome == "refused"
    assert (report.problems[0].column, report.problems[0].line) == ("example_year", 1)
    example.write_text("example_county;example_year;example_rank\n26163;2015;41.25\n")
    assert "parted by semicolons" in run(example).problems[0].reason


@pytest.mark.django_db
def test_a_registered_format_can_be_forced_and_is_refused_for_another(example):
    assert run(example, source=NAME).outcome == "valid"
    other = run(example, source="tract_collapse")
    assert other.outcome == "refused" and "not one of source 'tract_collapse'" in other.problems[0].reason
