"""Small TIGER/Line shapefiles and a ZIP-to-tract file, written by hand-made rows."""

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import shapefile

ROAD_COLUMNS = (("LINEARID", "C", 22), ("FULLNAME", "C", 100), ("RTTYP", "C", 1), ("MTFCC", "C", 5))
WATER_COLUMNS = (
    ("ANSICODE", "C", 8),
    ("HYDROID", "C", 22),
    ("FULLNAME", "C", 100),
    ("MTFCC", "C", 5),
    ("ALAND", "N", 14),
    ("AWATER", "N", 14),
    ("INTPTLAT", "C", 11),
    ("INTPTLON", "C", 12),
)
LANDMARK_COLUMNS = (
    ("STATEFP", "C", 2),
    ("ANSICODE", "C", 8),
    ("AREAID", "C", 22),
    ("FULLNAME", "C", 100),
    ("MTFCC", "C", 5),
    ("ALAND", "N", 14),
    ("AWATER", "N", 14),
    ("INTPTLAT", "C", 11),
    ("INTPTLON", "C", 12),
    ("PARTFLG", "C", 1),
)
STREAM_COLUMNS = (("LINEARID", "C", 22), ("FULLNAME", "C", 100), ("ARTPATH", "C", 1), ("MTFCC", "C", 5))
POINT_COLUMNS = (
    ("STATEFP", "C", 2),
    ("ANSICODE", "C", 8),
    ("POINTID", "C", 22),
    ("FULLNAME", "C", 100),
    ("MTFCC", "C", 5),
)
Point = tuple[float, float]


def square(west: float, south: float, side: float = 0.01) -> list[Point]:
    """A ring, clockwise as shapefiles want their outer ones."""
    return [(west, south), (west, south + side), (west + side, south + side), (west + side, south), (west, south)]


def parts(
    columns: Iterable[tuple[str, str, int]], rows: Iterable[tuple[dict[str, Any], list[list[Point]]]], lines: bool
) -> dict[str, bytes]:
    """The .shp, .shx and .dbf of rows (attributes, parts of the shape)."""
    streams = {suffix: io.BytesIO() for suffix in ("shp", "shx", "dbf")}
    kind = shapefile.POLYLINE if lines else shapefile.POLYGON
    writer = shapefile.Writer(**streams, shapeType=kind, encoding="utf-8")
    named = list(columns)
    for name, type_, width in named:
        writer.field(name, type_, width)
    for attributes, shape in rows:
        (writer.line if lines else writer.poly)(shape)
        writer.record(*(attributes.get(name, 0 if type_ == "N" else "") for name, type_, _ in named))
    writer.close()
    return {suffix: stream.getvalue() for suffix, stream in streams.items()}


def zipped(path: Path, stem: str, found: dict[str, bytes]) -> Path:
    """A .zip of the parts under the name that the publisher gives them inside."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for suffix, data in found.items():
            archive.writestr(zipfile.ZipInfo(f"{stem}.{suffix}"), data)
        archive.writestr(zipfile.ZipInfo(f"{stem}.cpg"), b"UTF-8")
    return path


def roads(
    folder: Path, rows: Iterable[tuple[str, str, str, list[Point]]], place: str = "26163", year: int = 2019
) -> Path:
    """(FULLNAME, RTTYP, MTFCC, line) each; of a county, or of a state where `place` has two digits."""
    stem = f"tl_{year}_{place}_{'roads' if len(place) == 5 else 'prisecroads'}"
    found = [
        ({"LINEARID": f"110{n}", "FULLNAME": name, "RTTYP": route, "MTFCC": code}, [line])
        for n, (name, route, code, line) in enumerate(rows)
    ]
    return zipped(folder / f"{stem}.zip", stem, parts(ROAD_COLUMNS, found, lines=True))


def water(folder: Path, rows: Iterable[tuple[str, str, int, list[Point]]], county: str = "26163") -> Path:
    """(FULLNAME, MTFCC, AWATER in square meters, ring) each."""
    stem = f"tl_2019_{county}_areawater"
    found = [
        ({"HYDROID": f"110{n}", "FULLNAME": name, "MTFCC": code, "AWATER": area}, [ring])
        for n, (name, code, area, ring) in enumerate(rows)
    ]
    return zipped(folder / f"{stem}.zip", stem, parts(WATER_COLUMNS, found, lines=False))


def landmarks(folder: Path, rows: Iterable[tuple[str, str, int, list[Point]]], state: str = "26") -> Path:
    """(FULLNAME, MTFCC, ALAND in square meters, ring) each."""
    stem = f"tl_2019_{state}_arealm"
    found = [
        ({"STATEFP": state, "AREAID": f"110{n}", "FULLNAME": name, "MTFCC": code, "ALAND": area}, [ring])
        for n, (name, code, area, ring) in enumerate(rows)
    ]
    return zipped(folder / f"{stem}.zip", stem, parts(LANDMARK_COLUMNS, found, lines=False))


def streams(folder: Path, rows: Iterable[tuple[str, str, list[Point]]], county: str = "26163") -> Path:
    """(FULLNAME, MTFCC, line) each."""
    stem = f"tl_2019_{county}_linearwater"
    found = [
        ({"LINEARID": f"110{n}", "FULLNAME": name, "MTFCC": code}, [line]) for n, (name, code, line) in enumerate(rows)
    ]
    return zipped(folder / f"{stem}.zip", stem, parts(STREAM_COLUMNS, found, lines=True))


def points(folder: Path, rows: Iterable[tuple[str, str, float, float]], state: str = "26") -> Path:
    """(FULLNAME, MTFCC, longitude, latitude) each."""
    stem = f"tl_2019_{state}_pointlm"
    written = {suffix: io.BytesIO() for suffix in ("shp", "shx", "dbf")}
    writer = shapefile.Writer(**written, shapeType=shapefile.POINT, encoding="utf-8")
    for name, type_, width in POINT_COLUMNS:
        writer.field(name, type_, width)
    for n, (name, code, x, y) in enumerate(rows):
        writer.point(x, y)
        writer.record(state, "", f"110{n}", name, code)
    writer.close()
    return zipped(folder / f"{stem}.zip", stem, {suffix: stream.getvalue() for suffix, stream in written.items()})


ZIP_HEADER = (
    "ZCTA5,STATE,COUNTY,TRACT,GEOID,POPPT,HUPT,AREAPT,AREALANDPT,ZPOP,ZHU,ZAREA,ZAREALAND,TRPOP,TRHU,TRAREA,"
    "TRAREALAND,ZPOPPCT,ZHUPCT,ZAREAPCT,ZAREALANDPCT,TRPOPPCT,TRHUPCT,TRAREAPCT,TRAREALANDPCT"
)


def zip_row(zcta: str, geoid: str, people: int, zip_people: int) -> str:
    """One piece; what the portal does not read is made up."""
    percent = f"{100 * people / zip_people:.2f}".rstrip("0").rstrip(".") if zip_people else "0"
    codes = f"{zcta},{geoid[:2]},{geoid[2:5]},{geoid[5:]},{geoid}"
    return f"{codes},{people},1,100,90,{zip_people},1,400,390,4000,9,800,700,{percent},1,1,1,1,1,1,1"


def zip_tracts(path: Path, rows: Iterable[tuple[str, str, int, int]]) -> Path:
    """(ZCTA5, GEOID, POPPT, ZPOP) each."""
    path.write_text("\n".join([ZIP_HEADER, *(zip_row(*row) for row in rows)]) + "\n")
    return path
