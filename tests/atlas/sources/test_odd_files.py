"""Files nobody makes by mistake: each is refused in a sentence, by the reader that foresaw it."""

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from atlas.sources.base import SourceFileError
from atlas.sources.detect import detect_source
from atlas.sources.opening import open_file
from tests.factories import files

SHOWN = f"tract,Name,{files.SHOWN['kfr_p25']}\n"
DETROIT = {"STATEFP": "26", "PLACEFP": "22000"}


def geojson(features) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def place(properties, geometry=None) -> bytes:
    return geojson([{"properties": properties, "geometry": geometry or files.square(-83, 42, 1, 1)}])


def nested(depth: int) -> bytes:
    """A place whose geometry is so deep that Python 3.11 can't write it: put together as text."""
    before, after = '{"type": "GeometryCollection", "geometries": [', "]}"
    deep = before * depth + '{"type": "Point", "coordinates": [0, 0]}' + after * depth
    return place(DETROIT, "here").replace(b'"here"', deep.encode())


def archive(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return out.getvalue()


def wrong_checksum() -> bytes:
    whole = bytearray(archive({"a.csv": SHOWN.encode() + b"26163500100,A,1\n"}))
    whole[whole.index(b"26163500100")] ^= 1
    return bytes(whole)


ODD = {
    "a header field over any limit": SHOWN.strip().encode() + b',"' + b"a" * 1_100_000 + b'"\n26163500100,A,1,b\n',
    "a quoted field that never ends": SHOWN.encode() + b'26163500100,"' + b"x" * 300_000,
    "only carriage returns": SHOWN.replace("\n", "\r").encode() + b"26163500100,A,1\r",
    "a number beyond float32": SHOWN.encode() + b"26163500100,A,1e39\n",
    "features that are a number": b'{"type": "FeatureCollection", "features": 5}',
    "features that are null": b'{"type": "FeatureCollection", "features": null}',
    "properties that are a list": place([1]),
    "properties that are text": place("abc"),
    "superscript digits": place({"STATEFP": "²²", "PLACEFP": "22000"}),
    "full-width digits": place({"STATEFP": "２６", "PLACEFP": "22000"}),
    "a geometry nested too deep": nested(2000),
    "coordinates that are not numbers": place(DETROIT, {"type": "Polygon", "coordinates": [[["a", "b"]] * 4]}),
    "coordinates that are NaN": place(DETROIT, files.square(-83, 42, 1, 1)).replace(b"-82", b"NaN"),
    "a garbled shapefile": archive({"a.shp": b"\x00\x00\x27\x0a" + b"7" * 200, "a.shx": b"7" * 90, "a.dbf": b"7" * 90}),
    "an entry with a wrong checksum": wrong_checksum(),
    "half an archive": archive({"a.csv": SHOWN.encode() * 50})[:120],
    "gzip of nothing": gzip.compress(b""),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_files_are_refused_in_a_sentence(tmp_path, name):
    path: Path = tmp_path / "odd.bin"
    path.write_bytes(ODD[name])
    with pytest.raises(SourceFileError) as refused:
        detect_source(open_file(path)).read(lambda *step: None)
    assert "reader failed" not in str(refused.value)


def test_names_keep_their_letters_and_lose_what_is_no_letter(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_bytes(place({**DETROIT, "NAME": "La Cañada\x00\ud800 \u202eFlintridge"}))
    (feature,) = detect_source(open_file(path)).read(lambda *step: None).features
    assert feature.name == "La Cañada Flintridge"


def test_one_long_line_is_no_fault_of_a_map(tmp_path):
    many = [
        {"properties": {"STATEFP": "26", "PLACEFP": f"{i:05d}"}, "geometry": files.square(-83, 42, 1, 1)}
        for i in range(10_000)
    ]
    path = tmp_path / "a.geojson"
    path.write_bytes(geojson(many))
    assert path.stat().st_size > 1_000_000 and b"\n" not in path.read_bytes()
    assert len(detect_source(open_file(path)).read(lambda *step: None).features) == 10_000
