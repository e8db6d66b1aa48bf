"""Making a starter set: reproducible, checked against the originals, and only of what may be passed on."""

import gzip
import json
from datetime import date

import numpy as np
import pytest
import shapely
from django.core.management import CommandError, call_command

from atlas.sources.base import no_progress
from atlas.sources.detect import detect_source
from atlas.sources.opening import open_file
from atlas.starter import make, outlines, tables
from atlas.starter.errors import StarterSetError
from atlas.starter.licenses import UNCLEAR
from atlas.starter.make import make_starter_set
from atlas.starter.manifest import MANIFEST, read_manifest
from tests.factories import files, starter


def everything(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture
def as_parquet(monkeypatch):
    """Tables of any length as Parquet: those of the tests have three rows."""
    monkeypatch.setattr(make, "_AS_TEXT_ROWS", 0)


def test_the_same_files_give_the_same_bytes(tmp_path, as_parquet):
    made, folder = starter.make(tmp_path)
    first = everything(folder)
    again, _ = starter.make(tmp_path)
    assert everything(folder) == first and again == made == read_manifest(folder)
    assert [file.name for file in made.files] == [
        "pctile_to_dollar_kfr.csv.gz",
        "county_outcomes_simple.parquet",
        "shown_tract_kfr_rP_gP_p25.parquet",
        "tract_boundaries_2010.geojson.gz",
        "place_boundaries.geojson.gz",
        "shown_tract_jail_rP_gP_pall.parquet",
    ]


def test_every_file_says_where_it_is_from_and_what_was_kept(tmp_path, as_parquet):
    made, folder = starter.make(tmp_path)
    for file in made.files:
        assert file.byte_count == (folder / file.name).stat().st_size
        assert all((file.title, file.publisher, file.license, file.license_basis, file.citation, file.vintage))
        assert file.addresses and file.kept and file.rows
        for original in file.originals:
            opened = open_file(tmp_path / "inputs" / original.name)
            assert (original.sha256, original.byte_count) == (opened.sha256(), opened.packed_bytes)
    kfr, jail = (made.file_named(f"shown_tract_{name}.parquet") for name in ("kfr_rP_gP_p25", "jail_rP_gP_pall"))
    assert "single precision" in kfr.kept and "names" not in kfr.kept
    assert jail.kept.endswith("; tract names where no earlier file of the set has them")
    assert "the same as with the full outlines" in made.file_named("place_boundaries.geojson.gz").kept


def test_names_stand_in_the_first_file_that_has_them(tmp_path, as_parquet):
    _, folder = starter.make(tmp_path)
    kfr, jail = (
        detect_source(open_file(folder / f"shown_tract_{name}.parquet")).read(no_progress)
        for name in ("kfr_rP_gP_p25", "jail_rP_gP_pall")
    )
    assert kfr.names == ("Place 0100, MI", "Place 0200, MI", "Place 0300, MI") and jail.names == ()


def test_what_nobody_may_pass_on_is_left_out_and_named(tmp_path):
    made, folder = starter.make(tmp_path)
    left = {entry.name: entry for entry in made.left_out}
    assert left.keys() == {"social.csv", "elsewhere.geojson"}
    assert left["social.csv"].reason == UNCLEAR and left["social.csv"].publisher.endswith("Meta Data for Good")
    assert not any("social" in path.name for path in folder.iterdir())


def test_small_tables_stay_as_published(tmp_path):
    _, folder = starter.make(tmp_path)
    kept = gzip.decompress((folder / "pctile_to_dollar_kfr.csv.gz").read_bytes())
    assert kept == (tmp_path / "inputs" / "pctile.csv").read_bytes()


def test_a_new_set_takes_the_place_of_the_old_one_and_of_nothing_else(tmp_path):
    _, folder = starter.make(tmp_path)
    (folder / "mine.txt").write_text("stays")
    (tmp_path / "inputs" / "jail.csv").unlink()
    inputs = sorted((tmp_path / "inputs").iterdir())
    make_starter_set(inputs, folder, starter.MADE_ON)
    names = {path.name for path in folder.iterdir()}
    assert "mine.txt" in names and not any("jail" in name for name in names)


def test_two_files_of_one_data_set_are_refused(tmp_path):
    inputs = starter.write_inputs(tmp_path / "inputs")
    files.shown_tract(inputs / "kfr again.csv", starter.USD)
    with pytest.raises(StarterSetError, match="kfr again.csv and kfr.csv both hold 'Opportunity Atlas by tract"):
        make_starter_set(sorted(inputs.iterdir()), tmp_path / "set", starter.MADE_ON)


def test_a_set_needs_outlines_and_has_a_largest_size(tmp_path, monkeypatch):
    inputs = starter.write_inputs(tmp_path / "inputs")
    monkeypatch.setattr(make, "MAX_BYTES", 1_000)
    with pytest.raises(StarterSetError, match="1,000 are the most that may be shipped"):
        make_starter_set(sorted(inputs.iterdir()), tmp_path / "set", starter.MADE_ON)
    (inputs / "place.geojson").unlink()
    with pytest.raises(StarterSetError, match="needs outlines of places and of their tracts"):
        make_starter_set(sorted(inputs.iterdir()), tmp_path / "set", starter.MADE_ON)


def test_a_file_that_does_not_read_as_its_original_stops_everything(tmp_path, as_parquet, monkeypatch):
    monkeypatch.setattr(tables, "_narrow", lambda column: column if column.type != "double" else column.cast("float16"))
    with pytest.raises(StarterSetError, match="does not read as the file it was made from"):
        starter.make(tmp_path)


def a_grid(folder, wiggles: float):
    """Four tracts whose common borders have many corners, and a place that cuts one of them almost in half."""
    steps = np.linspace(0, 0.01, 200)
    bend = wiggles * np.sin(np.arange(200))
    north = np.column_stack([steps, np.full(200, 0.01) + bend * (steps > 0) * (steps < 0.0099)])
    lower = shapely.Polygon([*north, (0.01, 0), (0, 0)])
    upper = shapely.Polygon([*north, (0.01, 0.02), (0, 0.02)])
    shapes = {"26163500100": lower, "26163500200": upper}
    features = [
        {
            "type": "Feature",
            "properties": {"STATEFP": g[:2], "COUNTYFP": g[2:5], "TRACTCE": g[5:], "NAME": g},
            "geometry": shapely.geometry.mapping(shape),
        }
        for g, shape in shapes.items()
    ]
    path = files.write(folder / "grid.geojson", json.dumps({"type": "FeatureCollection", "features": features}))
    place = files.place_map(folder / "cut.geojson", "2677777", "Cut", (0, 0, 0.01, 0.0101))
    parsed = [detect_source(open_file(p)).read(no_progress).features for p in (place, path)]
    return ({f.geoid: f for f in features} for features in parsed)


def test_neighbors_keep_one_border_and_places_their_tracts(tmp_path):
    places, tracts = a_grid(tmp_path, wiggles=2e-5)
    simple_places, simple_tracts, meters = outlines.simplify(places, tracts)
    full = shapely.from_wkb([tracts[code].wkb for code in sorted(tracts)])
    assert shapely.get_num_coordinates(simple_tracts).sum() < shapely.get_num_coordinates(full).sum() / 2
    assert shapely.coverage_is_valid(simple_tracts) and 0 < meters < 6
    assert outlines._membership(simple_tracts, simple_places) == outlines._membership(full, simple_places)


def test_no_simplification_at_the_price_of_a_citys_tracts(tmp_path, monkeypatch):
    places, tracts = a_grid(tmp_path, wiggles=2e-5)
    answers = iter([["full"], ["other"], ["full"]])
    monkeypatch.setattr(outlines, "_membership", lambda *shapes: next(answers))
    assert outlines.simplify(places, tracts)[2] == pytest.approx(2.5e-5 * 111_320), "halved until nothing changes"
    asked = iter(range(100))
    monkeypatch.setattr(outlines, "_membership", lambda *shapes: next(asked))
    with pytest.raises(StarterSetError, match="no simplification keeps the tracts of every place"):
        outlines.simplify(places, tracts)


@pytest.mark.parametrize("text", ["{", "[]", '{"synthetic": true, "files": []}', '{"starter_set": "yesterday"}'])
def test_other_manifests_are_none_of_a_starter_set(tmp_path, text):
    (tmp_path / MANIFEST).write_text(text)
    assert read_manifest(tmp_path) is None and read_manifest(tmp_path / "nowhere") is None


def test_the_command_makes_a_set_and_says_what_is_wrong(tmp_path, capsys):
    inputs = starter.write_inputs(tmp_path / "inputs")
    call_command("make_starter", str(inputs), "--to", str(tmp_path / "set"), "--date", "2026-11-29")
    out = capsys.readouterr().out
    assert "left out social.csv: its terms" in out and "6 files, " in out
    assert read_manifest(tmp_path / "set").made_on == date(2026, 11, 29)
    with pytest.raises(CommandError, match="nowhere is not a folder"):
        call_command("make_starter", str(tmp_path / "nowhere"))
    files.shown_tract(inputs / "kfr again.csv", starter.USD)
    with pytest.raises(CommandError, match="No starter set was made: .* both hold"):
        call_command("make_starter", str(inputs), "--to", str(tmp_path / "set"))
    with pytest.raises(CommandError, match="can't be written"):
        (inputs / "kfr again.csv").unlink()
        call_command("make_starter", str(inputs), "--to", str(inputs / "notes.txt" / "set"))
