"""A small tract file with standard errors and counts by race and gender, over the portal's tracts."""

from pathlib import Path

from tests.factories import files, portal
from tests.factories.cached_pages import remembered

# GEOID: (all, white, Black children) as (rank, standard error, children); the third has no Black children's value.
TRACTS = {
    portal.CITY_TRACTS[0]: ((0.40, 0.010, 1000), (0.44, 0.02, 900), (0.36, 0.03, 100)),
    portal.CITY_TRACTS[1]: ((0.34, 0.010, 1000), (0.40, 0.03, 100), (0.33, 0.01, 900)),
    portal.CITY_TRACTS[2]: ((0.46, 0.020, 300), (0.46, 0.02, 300), None),
    portal.OUTSIDE: ((0.50, 0.020, 500), (0.52, 0.02, 400), (0.42, 0.04, 100)),
}
RACES = ("pooled", "white", "black")


def simple_tracts(path: Path) -> Path:
    """tract_outcomes_simple cut to household income by race, with the first group's boys and girls."""
    names = [f"kfr_{race}_pooled_p25" for race in RACES]
    header = ["state", "county", "tract", "cz", "czname"]
    for race, name in zip(RACES, names, strict=True):
        header += [name, f"{name}_se", f"{race}_pooled_count"]
    lines = [",".join(header)]
    for geoid, groups in TRACTS.items():
        cells = [str(int(geoid[:2])), str(int(geoid[2:5])), str(int(geoid[5:])), "11600", "Detroit"]
        for group in groups:
            cells += ["", "", ""] if group is None else [str(number) for number in group]
        lines.append(",".join(cells))
    return files.write(path, "\n".join(lines) + "\n")


def simple_counties(path: Path, error: str = ".009") -> Path:
    """Wayne and Los Angeles with values by race; `error` is the published one of all children in Wayne."""
    header = "state,county,cz,czname"
    for race in RACES:
        header += f",kfr_{race}_pooled_p25,kfr_{race}_pooled_p25_se,{race}_pooled_count"
    rows = (
        f"26,163,11600,Detroit,.42,{error},2800,.46,.01,1700,.34,.008,1100",
        "6,37,38300,Los Angeles,.45,.001,30000,.48,.001,10000,.35,.001,5000",
    )
    return files.write(path, "\n".join((header, *rows)) + "\n")


def zones(path: Path) -> Path:
    header = "cz,czname,kfr_pooled_pooled_p25,kfr_pooled_pooled_p25_se,pooled_pooled_count"
    return files.write(path, f"{header}\n11600,Detroit,.3987,.0006,200000\n")


@remembered
def build(folder: Path, *, error: str = ".009"):
    """A city of three tracts whose tract file has standard errors and counts, with county, zone and crosswalk."""
    city = portal.add_city()
    portal.build_maps(folder, city)
    for path in (
        simple_tracts(folder / "tract_outcomes_simple.csv"),
        simple_counties(folder / "county_outcomes_simple.csv", error),
        zones(folder / "cz_outcomes_simple.csv"),
        portal.crosswalk(folder / "pctile.csv"),
    ):
        portal.ingest(path)
    return city
