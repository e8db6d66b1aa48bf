"""The view for SQL users: the same numbers as the vectors, and a role that can read it and nothing else."""

import numpy as np
import psycopg2
import pytest
from django.core.management import call_command
from django.db import connection

from atlas import vectors
from atlas.ingest.pipeline import run
from atlas.models import Release
from atlas.sample.simple_files import write_simple
from tests.factories import files

COLUMNS = "geoid, value, standard_error, count"


def rows(where: str) -> dict:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} FROM atlas_values WHERE {where}")
        return {row[0]: row[1:] for row in cursor.fetchall()}


@pytest.mark.django_db
def test_every_number_of_a_release_is_a_row(tmp_path):
    path = tmp_path / "tract_outcomes_simple.csv"
    write_simple(path, tracts=600)
    release = run(path, commit=True).release_id
    found = rows("measure = 'kfr_black_male_p25' AND level = 'tract'")
    kfr = vectors.national(release, "kfr_black_male_p25")
    count = vectors.national(release, "black_male_count")
    assert len(found) == 600
    for i, geoid in enumerate(kfr.geoids.tolist()):
        expected = (kfr.value[i], kfr.standard_error[i], count.value[i])
        for got, stored in zip(found[f"{geoid:011d}"], expected, strict=True):
            assert got is None if np.isnan(stored) else np.float32(got) == stored


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["0", "-.0017383998", "1062314", "1e-42", "102336.61", ".38697663"])
def test_each_kind_of_float_comes_back(tmp_path, text):
    run(
        files.shown_tract(tmp_path / "a.csv", {"01001020100": text}, files.SHOWN["jail"]),
        commit=True,
        accept_implausible=True,
    )
    value, error, count = rows("measure = 'jail_pooled_pooled_mean'")["01001020100"]
    assert np.float32(value) == np.float32(text) and error is None and count is None


@pytest.mark.django_db
def test_only_what_is_live_is_seen(tmp_path):
    run(files.shown_tract(tmp_path / "a.csv", {"01001020100": "1"}), commit=True)
    run(files.shown_tract(tmp_path / "b.csv", {"01001020100": "2"}), commit=True)
    assert Release.objects.count() == 2
    assert [row[0] for row in rows("level = 'tract'").values()] == [2]


@pytest.mark.django_db(transaction=True)
def test_the_reader_reads_the_view_and_nothing_else(monkeypatch, capsys):
    monkeypatch.setenv("PORTAL_READER_PASSWORD", "for-this-test")
    call_command("sql_reader")
    call_command("sql_reader")
    assert "for-this-test" not in capsys.readouterr().out
    place = connection.settings_dict
    reader = psycopg2.connect(
        host=place["HOST"], port=place["PORT"], dbname=place["NAME"], user="portal_reader", password="for-this-test"
    )
    try:
        reader.autocommit = True
        with reader.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM atlas_values")
            for statement in (
                "SELECT * FROM engagements_user",
                "SELECT * FROM atlas_release",
                "CREATE TABLE mine (a int)",
                "DELETE FROM atlas_values",
            ):
                with pytest.raises(psycopg2.Error):
                    cursor.execute(statement)
    finally:
        reader.close()
