"""The bench: its parts by name, its table and its file; the parts that need no files run here in small."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from mobility_portal.bench import coverage, parts, plans, scratch, work
from mobility_portal.bench.results import Results, key_of
from mobility_portal.bench.timing import Timing
from mobility_portal.management.commands import bench

EVERY_PART = [
    "imports",
    "pages",
    "engagements",
    "work",
    "plans",
    "ledger",
    "portfolio",
    "works",
    "search",
    "quick_log",
    "feeds",
    "digest",
    "coverage",
    "pilots",
    "front",
    "sessions",
]


@pytest.fixture
def home(monkeypatch, tmp_path):
    """Where the bench writes its file."""
    monkeypatch.setenv("MOBILITY_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def two_numbers(monkeypatch):
    """Every part measures two numbers at once, without a database, and says which part it is."""

    def report(name):
        def measure(results, data=None):
            results.add(f"{name}_ratio", 2.5, "said beside it")
            results.add(f"{name}_seconds", 1234)

        return measure

    monkeypatch.setattr(parts.Part, "load", lambda part: report(part.name))
    monkeypatch.setattr(bench, "PARTS", tuple(parts.Part(part.name, False, part.needs_files) for part in parts.PARTS))
    monkeypatch.setattr(parts, "PARTS", bench.PARTS)


def run(home, **options) -> tuple[list[str], dict]:
    out = StringIO()
    call_command("bench", stdout=out, **options)
    return out.getvalue().splitlines(), json.loads((home / "bench.json").read_text())


def test_coverage_of_intervals_is_reported_for_every_size_of_city(monkeypatch, home):
    monkeypatch.setattr(coverage.report, "__defaults__", (2,))
    lines, values = run(home, only="coverage")
    assert [key.split("_")[1] for key in values] == [str(n) for n in (17, 34, 49, 120, 290) for _ in range(2)]
    assert [line.split()[0] for line in lines] == list(values)
    assert all("%" in line and "plug-in" in line for line in lines)


def test_what_the_modules_remember_is_forgotten():
    """Functions are cleared and the classes of such functions left alone, whatever is imported by now."""
    import dashboards.formatting.shown_dollars as shown_dollars

    calls = []
    remembered = shown_dollars.cached_by_dollars(1)(lambda: calls.append("made"))
    shown_dollars.remembered_by_a_test = remembered
    try:
        remembered()
        scratch._forget()
        remembered()
    finally:
        del shown_dollars.remembered_by_a_test
    assert calls == ["made", "made"]


def test_a_plan_is_timed():
    lines: list[str] = []
    results = Results(lines.append)
    plans.report_arithmetic(results, 1)
    plan, areas = lines
    assert "50 tracts, 5 interventions, 10,000 draws" in plan and "300 tracts" in areas
    assert list(results.values) == ["plan_arithmetic_ms", "plan_areas_under_a_budget_ms"]
    assert all(value > 0 for value in results.values.values())


@pytest.mark.django_db
def test_views_of_work_are_timed_for_each_role_by_the_processor_and_by_the_clock():
    lines: list[str] = []
    results = Results(lines.append)
    work.report(results, 1, cities=1, milestones=5, activity=5)
    assert len(lines) == 2 * len(work.ROLES) * len(work.URLS) and all(value > 0 for value in results.values.values())
    assert {key.rsplit("_", 2)[1] for key in results.values} == {"processor", "passed"}
    assert all("status 200" in line for line in lines[::2])
    assert "work_expert_todo_who_all_view_board_processor_ms" in results.values


def test_every_part_can_be_asked_for_alone(home, two_numbers, tmp_path):
    assert [part.name for part in parts.PARTS] == EVERY_PART
    for name in EVERY_PART:
        lines, values = run(home, only=[name], data=tmp_path)
        assert values == {f"{name}_ratio": 2.5, f"{name}_seconds": 1234}
        assert [line.split() for line in lines] == [
            [f"{name}_ratio", "2.50", "said", "beside", "it"],
            [f"{name}_seconds", "1,234.00"],
        ]


def test_every_part_has_a_module_that_reports():
    assert all(callable(part.load()) for part in parts.PARTS)


@pytest.mark.parametrize("only", ["ledger,imports", ["ledger", "imports"], ["imports, ledger"], [" ledger ,imports,"]])
def test_several_parts_with_commas_or_given_again_run_in_the_order_of_the_bench(home, two_numbers, only):
    _, values = run(home, only=only)
    assert list(values) == ["imports_ratio", "imports_seconds", "ledger_ratio", "ledger_seconds"]


@pytest.mark.parametrize("only", ["speed", ["imports,speed"], ["", ","]])
def test_an_unknown_part_is_a_sentence_and_exit_code_2(home, two_numbers, only):
    with pytest.raises(CommandError, match="There is no part .*: the bench has imports, pages,.* coverage") as refused:
        run(home, only=only)
    assert refused.value.returncode == 2
    assert not (home / "bench.json").exists()


def test_without_real_files_everything_else_is_measured_and_the_reason_is_said(home, two_numbers):
    lines, values = run(home, data=None)
    assert "pages: not measured; give the folder of the sources' files with --data FOLDER or ATLAS_DATA_DIR." in lines
    assert [key for key in values if key.endswith("_ratio")] == [f"{p}_ratio" for p in EVERY_PART if p != "pages"]


def test_pages_asked_for_without_real_files_are_refused(home, two_numbers):
    with pytest.raises(CommandError, match="The part pages reads real files: give the folder") as refused:
        run(home, only="pages,imports", data=None)
    assert refused.value.returncode == 2


def test_the_file_holds_this_run_alone(home, two_numbers):
    run(home, only="imports")
    _, values = run(home, only="ledger")
    assert list(values) == ["ledger_ratio", "ledger_seconds"]
    assert [path.name for path in home.iterdir()] == ["bench.json"]


def test_a_timing_is_a_row_in_milliseconds_that_names_its_limit_only_when_passed():
    lines: list[str] = []
    results = Results(lines.append)
    results.add_milliseconds("page_home", Timing((0.01, 0.02, 0.5)), "3 queries", limit=0.1)
    results.add_milliseconds("page_slow", Timing((0.2,)), limit=0.1)
    assert results.values == {"page_home_ms": 20.0, "page_slow_ms": 200.0}
    assert lines[0].split(maxsplit=2) == ["page_home_ms", "20.00", "10 to 500 in 3 runs; 3 queries"]
    assert lines[1].endswith("200 to 200 in 1 runs; over 100 ms")


def test_a_key_is_measured_once():
    results = Results(lambda line: None)
    results.add("page_home_ms", 1)
    with pytest.raises(ValueError, match="page_home_ms twice"):
        results.add("page_home_ms", 2)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("/", "home"),
        ("/milestones/17/", "milestones_id"),
        ("/tracts/26163517000/", "tracts_26163517000"),
        ("/plans/3/compare-areas/", "plans_id_compare_areas"),
        ("/cities/detroit/map.json?measure=poor_share2016", "cities_detroit_map_json_measure_poor_share2016"),
    ],
)
def test_an_address_becomes_part_of_a_key(address, key):
    assert key_of(address) == key
