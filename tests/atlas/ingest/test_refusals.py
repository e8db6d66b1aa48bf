"""Every broken twin of a publisher's file: refused whole, with where and why, in bounded time and memory."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from atlas.ingest.pipeline import run
from atlas.models import LivePart, Release
from atlas.sample.simple_files import write_simple
from tests.factories.broken_files import BROKEN, GOOD

WORDS = {
    "truncated": "cut short",
    "delimiter": "parted by",
    "html": "web page",
    "no_rows": "no rows",
    "empty": "empty",
    "duplicate_tract": "twice",
    "geoid": "GEOID",
    "number": "number",
    "missing_column": "missing",
    "duplicate_column": "twice in the header",
    "nul_bytes": "NUL",
    "encoding": "UTF-8",
    "binary": "UTF-8|NUL",
    "expands_too_far": "expands|fields",
    "nested_archive": "0 tables",
    "unsafe_path": "unsafe",
    "several_members": "2 tables",
    "line_too_long": "longer than",
    "too_many_columns": "longer than|columns",
    "zone": "contradicts its county",
    "ragged": "fields",
}

NOT_IN_FIELDS = {"encoding", "line_too_long"}  # found in the bytes, before a line is parted into columns


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("good") / "tract_outcomes_simple.csv"
    write_simple(path, tracts=9000)
    return path


@pytest.mark.django_db
@pytest.mark.parametrize("name", BROKEN)
def test_refused_with_place_and_reason_and_nothing_live_touched(good, tmp_path, name):
    assert run(good, commit=True).outcome == "activated"
    live = list(LivePart.objects.values_list("dataset", "release_id"))
    twin = BROKEN[name](good, tmp_path)
    start = time.process_time()
    report = run(twin.path, commit=True)
    assert time.process_time() - start < 10
    assert report.outcome == "refused", twin.about
    sentences = " / ".join(problem.sentence() for problem in report.problems[:3])
    assert any(word in sentences for word in WORDS[twin.expected].split("|")), sentences
    if twin.line:
        assert report.problems[0].line == twin.line, sentences
    if twin.column and twin.expected not in NOT_IN_FIELDS:
        assert report.problems[0].column == twin.column, sentences
    assert list(LivePart.objects.values_list("dataset", "release_id")) == live and Release.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", GOOD)
def test_what_is_normal_in_real_files_is_accepted(good, tmp_path, name):
    report = run(GOOD[name](good, tmp_path).path, commit=True)
    assert (report.outcome, report.rows_kept) == ("activated", 9000)


@pytest.mark.parametrize("name", ["gzip_bomb", "zip_bomb", "ten_million_columns", "long_line"])
def test_memory_stays_bounded(good, tmp_path, name):
    """A process of its own, so that the peak is this file's: reading adds less than 150 MB to an idle portal's."""
    twin = BROKEN[name](good, tmp_path)
    code = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from atlas.sources.base import SourceFileError\n"
        "from atlas.sources.opening import open_file\n"
        "from atlas.sources.detect import detect_source\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n"
        "    detect_source(open_file(Path(sys.argv[1]))).read(lambda *step: None)\n"
        "except SourceFileError:\n"
        "    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)\n"
    )
    found = subprocess.run([sys.executable, "-c", code, str(twin.path)], capture_output=True, text=True, timeout=30)
    assert found.returncode == 0, found.stderr
    assert int(found.stdout) < 150
