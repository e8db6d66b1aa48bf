"""The publisher's newer county tables, generated from the columns that public programs name; numbers are invented."""

from pathlib import Path

from tests.factories.files import write

STEMS = ("kfr", "kir", "fpw", "emp")
RACES = ("pooled", "white", "black", "aian")
AREAS = {"26163": (".38", ".36"), "01001": (".41", ".43"), "06037": (".42", ".42")}


def trends(path: Path, level: str = "county", bom: bool = True, extra: str = "") -> Path:
    """Table 1 or 2: ends of two outcomes for every race; the last stem's meaning is in no codebook here."""
    names = [f"{stem}_{race}_pooled_p25_{year}" for stem in STEMS for race in RACES for year in (1978, 1992)]
    names += [f"change_{stem}_{race}_pooled_p25" for stem in STEMS[:2] for race in RACES]
    ids = "state,county" if level == "county" else "cz"
    lines = [f"{ids},{','.join(names)}{',' + extra if extra else ''}"]
    for code, (first, last) in AREAS.items():
        key = f"{int(code[:2])},{int(code[2:])}" if level == "county" else code[1:]
        cells = [first if name.endswith("1978") else last for name in names if not name.startswith("change_")]
        cells += [f"{float(last) - float(first):.2f}" for name in names if name.startswith("change_")]
        lines.append(",".join([key, *cells, *(["7"] if extra else [])]))
    return write(path, ("\ufeff" if bom else "") + "\n".join(lines) + "\n")


def cohorts(path: Path, level: str = "county", years=(1978, 1985, 1992)) -> Path:
    """Table 3 or 4: a row per area and birth year, with counts rounded to 10."""
    ids = "state,county,county_name" if level == "county" else "cz,cz_name"
    lines = [f"{ids},cohort,kfr_pooled_pooled_p25,kfr_black_female_p75,pooled_pooled_blw_p50_count,pooled_pooled_count"]
    for code in AREAS:
        key = f"{int(code[:2])},{int(code[2:])},Some County" if level == "county" else f"{code[1:]},Some Zone"
        lines += [f"{key},{year},{0.3 + (year - 1978) / 100:.2f},,60,120" for year in years]
    return write(path, "\n".join(lines) + "\n")


def credit(
    path: Path, value: str = "shrunk_xkid_vscore2020", numbers=("620.5", "640", "580"), level: str = "county"
) -> Path:
    """One credit file: three races at the 25th percentile, everybody at -9, and a group nobody knows."""
    ids = "par_state,par_county,county_name" if level == "county" else "cz,czname"
    lines = [f"{ids},kid_race,par_pctile,{value}"]
    for i, code in enumerate(AREAS):
        key = f"{int(code[:2])},{int(code[2:])},C{i}" if level == "county" else f"{code[1:]},Z{i}"
        for race, number in zip(("Pooled", "White", "Black"), numbers, strict=True):
            lines.append(f"{key},{race},25,{number}")
        lines += [f"{key},Pooled,-9,{numbers[0]}", f"{key},Martian,25,1", f"{key},Pooled,33,1"]
    return write(path, "\n".join(lines) + "\n")
