"""A Census gazetteer of places, as published, with the rows one needs."""

import zipfile
from collections.abc import Iterable
from pathlib import Path

HEADER = "USPS\tGEOID\tANSICODE\tNAME\tLSAD\tFUNCSTAT\tALAND\tAWATER\tALAND_SQMI\tAWATER_SQMI\tINTPTLAT\tINTPTLONG"
# Name as published; of two Franklins in Pennsylvania one is a city and one a borough.
PLACES = (
    ("MI", "2622000", "Detroit city", 42.383037, -83.102237),
    ("NJ", "3451000", "Newark city", 40.724227, -74.173059),
    ("DE", "1050670", "Newark city", 39.677615, -75.757672),
    ("OH", "3955000", "Newark city", 40.071263, -82.419462),
    ("PA", "4227456", "Franklin city", 41.396101, -79.840355),
    ("PA", "4227424", "Franklin borough", 40.342295, -78.885104),
    ("NV", "3209700", "Carson City", 39.153447, -119.743442),
    ("AL", "0100100", "Abanda CDP", 33.091627, -85.527029),
    ("IN", "1836003", "Indianapolis city (balance)", 39.776664, -86.145935),
)


def gazetteer(
    path: Path, places: Iterable[tuple[str, str, str, float, float]] = PLACES, *, packed: bool = False
) -> Path:
    """The text file, or as the publisher packs it; its last column is padded with blanks, as theirs is."""
    pad = " " * 40
    lines = [HEADER + pad]
    for usps, geoid, name, latitude, longitude in places:
        lines.append(
            f"{usps}\t{geoid}\t02410048\t{name}\t25\tA\t7764032\t34284\t2.998\t0.013\t{latitude}\t{longitude}{pad}"
        )
    text = "\n".join(lines) + "\n"
    if packed:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("2019_Gaz_place_national.txt", text)
    else:
        path.write_text(text, encoding="utf-8")
    return path
