"""Tiny files in the publishers' formats, written by hand-made rows."""

import gzip
import json
import zipfile
from pathlib import Path

TRACTS = ("26163500100", "26163500200", "26163500300", "06037101110")
SHOWN = {
    "kfr_p25": "Household_Income_at_Age_35_rP_gP_p25",
    "jail": "Incarceration_Rate_rP_gP_pall",
    "poor": "Poverty_Rate_in_2012-16",
}


def write(path: Path, text: str, *, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def shown_tract(path: Path, values: dict[str, str], column: str = SHOWN["kfr_p25"], *, bom: bool = False) -> Path:
    """A per-variable download; GEOIDs lose their leading zero as in the publisher's files."""
    rows = [f'{int(geoid)},"Place {geoid[-4:]}, MI",{value}' for geoid, value in values.items()]
    return write(path, ("\ufeff" if bom else "") + "\n".join([f'"tract","Name","{column}"', *rows]) + "\n")


def packed(path: Path) -> Path:
    """The same bytes, gzipped under another name."""
    target = path.with_name(path.name + ".gz")
    target.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    return target


def zipped(path: Path, name: str | None = None) -> Path:
    target = path.with_suffix(".zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, name or path.name)
    return target


def collapse(path: Path, rows: dict[str, tuple[str, str]], newline: str = "\r\n") -> Path:
    """tract_collapse: GEOID -> (kir rank x 100, children under 18)."""
    lines = ["state,county,tract,kir_pooled_p25,kid_pooled_n"]
    lines += [f"{int(g[:2])},{int(g[2:5])},{int(g[5:])},{rank},{kids}" for g, (rank, kids) in rows.items()]
    return write(path, newline.join(lines) + newline)


def income2000(path: Path, rows: dict[str, str]) -> Path:
    lines = ["tract,county,state,hhinc_mean2000"]
    lines += [f"{int(g[5:])},{int(g[2:5])},{int(g[:2])},{usd}" for g, usd in rows.items()]
    return write(path, "\n".join(lines) + "\n")


def simple_tracts(path: Path, rows: dict[str, tuple[str, str, str]]) -> Path:
    """tract_outcomes_simple cut to what is needed: GEOID -> (kfr, standard error, children below the median)."""
    lines = ["state,county,tract,kfr_pooled_pooled_p25,kfr_pooled_pooled_p25_se,pooled_pooled_count"]
    lines += [f"{int(g[:2])},{int(g[2:5])},{int(g[5:])},{','.join(cells)}" for g, cells in rows.items()]
    return write(path, "\n".join(lines) + "\n")


def counties(path: Path, rows: dict[str, tuple[int, str, str, str, str]]) -> Path:
    """county_outcomes_simple cut to what is needed: FIPS -> (cz, czname, kfr, se, count)."""
    lines = ["state,county,cz,czname,kfr_pooled_pooled_p25,kfr_pooled_pooled_p25_se,pooled_pooled_count"]
    lines += [f"{int(f[:2])},{int(f[2:])},{cz},{name},{kfr},{se},{n}" for f, (cz, name, kfr, se, n) in rows.items()]
    return write(path, "\n".join(lines) + "\n")


def square(west: float, south: float, width: float, height: float) -> dict:
    east, north = west + width, south + height
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def tract_map(path: Path, squares: dict[str, tuple[float, float, float, float]]) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {"STATEFP": g[:2], "COUNTYFP": g[2:5], "TRACTCE": g[5:], "NAME": str(int(g[5:]) / 100)},
            "geometry": square(*box),
        }
        for g, box in squares.items()
    ]
    return write(path, json.dumps({"type": "FeatureCollection", "features": features}))


def place_map(path: Path, geoid: str, name: str, box: tuple[float, float, float, float]) -> Path:
    feature = {
        "type": "Feature",
        "properties": {"STATEFP": geoid[:2], "PLACEFP": geoid[2:], "NAME": name},
        "geometry": square(*box),
    }
    return write(path, json.dumps({"type": "FeatureCollection", "features": [feature]}))
