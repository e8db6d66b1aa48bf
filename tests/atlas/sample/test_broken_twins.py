"""The broken twins are what they say, and cheap."""

import gzip
import zipfile
import zlib

import pytest

from atlas.sample.simple_files import write_simple
from tests.factories.broken_files import BROKEN, GOOD, ten_million_columns
from tests.factories.compressed_bombs import write_gzip_bomb, write_zip_bomb


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    path = tmp_path_factory.mktemp("good") / "tract_outcomes_simple.csv"
    write_simple(path, 6000)
    return path


@pytest.mark.parametrize("name", sorted((BROKEN | GOOD).keys() - {"ten_million_columns"}))
def test_twin_is_written_small_and_differs(good, tmp_path, name):
    twin = (BROKEN | GOOD)[name](good, tmp_path)
    assert twin.path.parent == tmp_path and twin.path.exists() and twin.about
    assert bool(twin.expected) is (name in BROKEN)
    assert twin.path.read_bytes() != good.read_bytes()
    assert twin.path.stat().st_size < 8_000_000
    assert list(tmp_path.iterdir()) == [twin.path]


def test_wide_header_has_as_many_names_as_asked(good, tmp_path):
    twin = ten_million_columns(good, tmp_path, columns=250_000)
    assert twin.path.read_text().split("\n")[0].count(",") == 249_999


def test_bombs_are_valid_archives(tmp_path):
    """Small ones are unpacked in full: length and checksum agree. The big ones are built the same way."""
    size = write_gzip_bomb(tmp_path / "a.gz", b"state\n", megabytes=3)
    assert len(gzip.decompress((tmp_path / "a.gz").read_bytes())) == size
    size = write_zip_bomb(tmp_path / "a.zip", b"state\n", megabytes=3)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.testzip() is None
        assert archive.infolist()[0].file_size == size
        assert zlib.crc32(archive.read("tract_outcomes_simple.csv")) == archive.infolist()[0].CRC


def test_big_bomb_claims_gigabytes(good, tmp_path):
    twin = BROKEN["zip_bomb"](good, tmp_path)
    with zipfile.ZipFile(twin.path) as archive:
        assert archive.infolist()[0].file_size > 3_000_000_000 > 500 * twin.path.stat().st_size
