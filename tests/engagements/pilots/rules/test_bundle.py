"""The archive of a verdict: a stranger with nothing else gets the same numbers."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from engagements.pilots.rules.bundle import BundleContent, LockedVersion, build_bundle, what_differs, with_counts
from engagements.pilots.rules.bundle_code import source_files
from engagements.pilots.rules.canonical import canonical_json, chain_problem, fingerprint
from engagements.pilots.rules.data import Cells, Rows
from engagements.pilots.rules.outside import analyze_bytes
from engagements.pilots.rules.reading import read_csv_data
from engagements.pilots.rules.spec import read_spec, write_spec
from engagements.pilots.rules.tallies import cells_of
from engagements.pilots.rules.writing import data_csv

ROOT = Path(__file__).resolve().parents[4]
EXAMPLES = ROOT / "docs/pilots"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.toml"))


def content_of(name, **more):
    spec_bytes, data_bytes = ((EXAMPLES / f"{name}.{kind}").read_bytes() for kind in ("toml", "csv"))
    spec = read_spec(spec_bytes)
    table = read_csv_data(data_bytes, spec.registration)
    text = canonical_json(spec.registration)
    version = LockedVersion(1, text, fingerprint(text), "2026-09-15T16:00:00Z")
    return BundleContent(
        registration=spec.registration,
        versions=(version,),
        analyzed=1,
        facts=spec.facts,
        outcomes=table.outcomes,
        groups=table.groups,
        expected=analyze_bytes(spec_bytes, data_bytes, date(2030, 1, 1)),
        **more,
    )


def opened(bundle):
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_stranger_gets_the_same_numbers_from_the_archive_alone(tmp_path):
    bundle = build_bundle(content_of("clusters", address="https://portal.example.org/pilots/7/"))
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        archive.extractall(tmp_path)
    done = subprocess.run(
        [sys.executable, "-I", "analyze.py"], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("The same as expected.json.\n")
    assert "Verdict: helped less" in done.stdout


def test_a_changed_number_is_found(tmp_path):
    files = opened(build_bundle(content_of("people")))
    expected = json.loads(files["expected.json"]) | {"value": 9.9}
    assert what_differs(files["spec.toml"].decode(), files["data.csv"].decode(), expected) == ["value"]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "adjusted"])
def test_the_plan_and_the_data_survive_the_archive(name):
    content = content_of(name)
    data = data_csv(content.registration, content.outcomes, content.groups)
    assert what_differs(write_spec(content.registration, content.facts), data, content.expected) == []


def test_fingerprints_hold():
    files = opened(build_bundle(content_of("people")))
    listed = dict(line.split("  ")[::-1] for line in files["SHA256SUMS"].decode().splitlines())
    assert set(listed) == set(files) - {"SHA256SUMS"}
    assert all(hashlib.sha256(files[name]).hexdigest() == said for name, said in listed.items())
    (version,) = json.loads(files["versions.json"])
    assert chain_problem([(version["text"], version["sha256"])]) == ""
    assert hashlib.sha256(files["registration.json"]).hexdigest() == version["sha256"]


def test_the_same_content_is_the_same_file():
    assert build_bundle(content_of("people")) == build_bundle(content_of("people"))


def test_the_readme_says_what_was_found_and_that_it_was_checked():
    readme = opened(build_bundle(content_of("people")))["README.txt"].decode()
    assert "It worked: of 100 people offered it, about 7 more" in readme
    assert "these files gave exactly the numbers of expected.json" in readme


def test_rows_leave_only_where_an_agreement_names_them():
    content = content_of("adjusted")
    assert isinstance(content.outcomes["earnings"], Rows)
    with pytest.raises(ValueError, match="only where an agreement names it"):
        build_bundle(content)
    files = opened(build_bundle(replace(content, rows_agreement="Data agreement of May 2026")))
    assert files["data.csv"].startswith(b"arm,earnings,took_part,earnings_before,age\n")
    assert "exactly the numbers" in files["README.txt"].decode()


def test_counts_in_place_of_rows_say_what_they_cannot_give():
    content = content_of("adjusted")
    counts = {"earnings": cells_of(content.outcomes["earnings"])}
    readme = opened(build_bundle(with_counts(content, counts)))["README.txt"].decode()
    assert "do not give all numbers of expected.json" in readme
    assert "lines of people" in readme


def check_in(folder: Path):
    command = [sys.executable, "-I", "analyze.py"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_what_the_files_cannot_give_is_named_and_no_difference(tmp_path):
    """Who was lost is withheld: it cannot be computed again, and everything else is the same."""
    content = content_of("people")
    expected = {**content.expected, "attrition": {"lost": {"a": 1.0, "b": 2.0}}}
    with zipfile.ZipFile(io.BytesIO(build_bundle(replace(content, expected=expected)))) as archive:
        archive.extractall(tmp_path)
    names = json.loads((tmp_path / "not_given.json").read_text())
    assert names and all(name.startswith("attrition") for name in names)
    done = check_in(tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(f"These files cannot give: {', '.join(names)}. All else:\nThe same as expected.json.\n")
    (tmp_path / "not_given.json").write_text("[]")
    again = check_in(tmp_path)
    assert again.returncode == 1 and "NOT the same as expected.json: attrition" in again.stdout


def test_without_the_day_of_the_analysis_nobody_could_repeat_it():
    content = content_of("people")
    with pytest.raises(ValueError, match="the day of the analysis"):
        build_bundle(replace(content, facts=replace(content.facts, analyzed_on=None)))


def test_the_code_is_whole_and_knows_no_django():
    files = source_files()
    assert "engagements/pilots/rules/estimators/synthetic.py" in files
    assert "engagements/pilots/__init__.py" in files
    assert not [name for name, text in files.items() if b"django" in text.lower() and b"import django" in text]
    assert sum(map(len, files.values())) < 1_000_000


def test_formulas_in_names_are_escaped_in_the_file_and_come_back():
    content = content_of("people")
    cells = content.outcomes["kept"]
    odd = Cells(**{**vars(cells), "city": np.array(["=HYPERLINK(1)", "'quoted"], dtype=object)})
    text = data_csv(content.registration, {"kept": odd})
    assert "'=HYPERLINK(1)" in text
    back = read_csv_data(text.encode(), content.registration).outcomes["kept"]
    assert list(back.city) == ["=HYPERLINK(1)", "'quoted"]


def test_sums_come_back_digit_for_digit():
    content = content_of("pairs")
    odd = content.outcomes["absent"]
    exact = Cells(**{**vars(odd), "total": odd.total + 0.1 + 0.2, "squares": odd.squares * 1.1})
    back = read_csv_data(data_csv(content.registration, {"absent": exact}).encode(), content.registration)
    assert (back.outcomes["absent"].total == exact.total).all()
    assert (back.outcomes["absent"].squares == exact.squares).all()


def test_outcomes_of_different_people_do_not_fit_into_one_file():
    rows = content_of("adjusted").outcomes["earnings"]
    registration = content_of("adjusted").registration
    other = Rows(**{**vars(rows), "arm": rows.arm[::-1]})
    with pytest.raises(ValueError, match="different people"):
        data_csv(registration, {"earnings": rows, "other": other})
    with pytest.raises(ValueError, match="Counts and rows"):
        data_csv(registration, {"earnings": rows, "other": cells_of(rows)})
