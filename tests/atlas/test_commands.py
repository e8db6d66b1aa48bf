"""The command line as an operator uses it."""

import json

import pytest
from django.core.management import CommandError, call_command

from atlas.models import City, Release
from engagements.models import Engagement, Participation
from tests.factories import files, portal

pytestmark = pytest.mark.django_db
VALUES = {"26163500100": "20055", "06037101110": ""}


def test_a_folder_lists_what_it_skips_and_is_no_failure(tmp_path, capsys):
    files.shown_tract(tmp_path / "a.csv", VALUES)
    files.write(tmp_path / "notes.txt", "hello\n")
    call_command("ingest", str(tmp_path))
    out = capsys.readouterr().out
    assert "a.csv: valid, dry run: 2 of 2 rows kept" in out and "notes.txt: not a file this portal knows" in out
    assert "Dry run" in out and not Release.objects.exists()


def test_json_is_the_whole_report(tmp_path, capsys):
    call_command("ingest", str(files.shown_tract(tmp_path / "a.csv", VALUES)), "--commit", "--json")
    report = json.loads(capsys.readouterr().out)["reports"][0]
    assert report["outcome"] == "activated" and report["measures"][0]["rows_without_value"] == 1


def test_anything_refused_is_a_failure_with_its_reason(tmp_path, capsys):
    bad = files.shown_tract(tmp_path / "a.csv", {"26163500100": "n/k"})
    with pytest.raises(CommandError) as failed:
        call_command("ingest", str(bad), "--commit")
    assert failed.value.returncode == 1
    assert "line 2" in capsys.readouterr().out


def test_a_file_given_by_name_that_nobody_knows_is_a_failure(tmp_path):
    with pytest.raises(CommandError):
        call_command("ingest", str(files.write(tmp_path / "a.csv", "a,b\n1,2\n")))


def test_a_source_can_be_forced_only_where_the_header_fits(tmp_path, capsys):
    path = files.shown_tract(tmp_path / "a.csv", VALUES)
    call_command("ingest", str(path), "--source", "shown_tract")
    with pytest.raises(CommandError):
        call_command("ingest", str(path), "--source", "tract_collapse")


def test_seed_brings_ten_cities_nine_of_which_finished(capsys):
    call_command("seed")
    call_command("seed")
    assert City.objects.count() == 10 == Engagement.objects.filter(is_fictional=False).count()
    assert Participation.objects.filter(status="completed").count() == 9
    withdrawn = Participation.objects.get(status="withdrawn")
    assert (withdrawn.engagement.city.slug, withdrawn.precision) == ("albuquerque", "by")


def test_any_place_becomes_a_city(tmp_path, capsys):
    portal.build(tmp_path)
    portal.ingest(files.place_map(tmp_path / "p.geojson", "2611111", "Shelbyville", (-83.10, 42.30, 0.01, 0.01)))
    call_command("add_city", "2611111")
    assert "has 1 tracts" in capsys.readouterr().out
    city = City.objects.get(slug="shelbyville")
    assert (city.state_name, city.state_usps) == ("Michigan", "MI")


@pytest.mark.parametrize(("geoid", "words"), [("26", "not a place GEOID"), ("2699999", "tl_2019_26_place.zip")])
def test_a_place_nobody_knows_is_explained(geoid, words):
    with pytest.raises(CommandError, match=words):
        call_command("add_city", geoid)


def test_a_file_of_one_row_says_one_row(tmp_path, capsys):
    portal.add_city()
    files.place_map(tmp_path / "place.geojson", "2677777", "Springfield", (-83.10, 42.30, 0.026, 0.011))
    call_command("ingest", str(tmp_path))
    assert "1 of 1 row kept" in capsys.readouterr().out
