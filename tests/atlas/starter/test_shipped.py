"""The set that comes with the portal: small, as its manifest says, and read by the portal's own readers."""

import hashlib

import pytest

from atlas.sources.base import no_progress
from atlas.sources.datasets import get_dataset
from atlas.sources.detect import detect_source
from atlas.sources.opening import open_file
from atlas.starter.licenses import find_permission
from atlas.starter.make import MAX_BYTES
from atlas.starter.manifest import MANIFEST, SHIPPED, read_manifest

SET = read_manifest(SHIPPED)


def test_the_set_is_small_and_nothing_lies_beside_it():
    on_disk = {path.name: path.stat().st_size for path in SHIPPED.iterdir()}
    assert sum(on_disk.values()) <= MAX_BYTES == 6_000_000
    assert on_disk.keys() == {MANIFEST, *(file.name for file in SET.files)} and len(SET.files) == 33


@pytest.mark.parametrize("file", SET.files, ids=lambda file: file.name)
def test_each_file_is_what_the_manifest_says(file):
    path = SHIPPED / file.name
    assert hashlib.sha256(path.read_bytes()).hexdigest() == file.sha256 and path.stat().st_size == file.byte_count
    parsed = detect_source(open_file(path)).read(no_progress)
    info = get_dataset(file.dataset)
    assert (parsed.dataset.key, parsed.rows_kept) == (file.dataset, file.rows)
    assert (info.publisher, info.citation) == (file.publisher, file.citation)
    permission = find_permission(file.publisher)
    assert (file.license, file.license_basis) == (permission.license, permission.basis)
    assert all(len(original.sha256) == 64 for original in file.originals) and file.originals


def test_what_is_not_in_it_is_named_with_the_reason():
    assert {entry.name for entry in SET.left_out if "terms" in entry.reason} == {
        "social_capital_county.csv.gz",
        "social_capital_zip.csv.gz",
    }


def test_county_outcomes_come_with_their_standard_errors_and_ten_places_with_their_tracts():
    counties = detect_source(open_file(SHIPPED / "county_outcomes_simple.parquet")).read(no_progress)
    assert {column.slug for column in counties.columns if column.standard_error is not None} >= {
        "kfr_pooled_pooled_p25",
        "kfr_black_pooled_p25",
        "jail_white_male_p25",
    }
    assert (
        SET.file_named("place_boundaries.geojson.gz").rows,
        SET.file_named("tract_boundaries_2010.geojson.gz").rows,
    ) == (
        10,
        2_165,
    )
