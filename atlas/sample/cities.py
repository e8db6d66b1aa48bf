"""Facts about the ten cities and the scale parameters their synthetic tracts are drawn with.

Facts (codes, centers, areas, numbers of 2010 tracts) are public record: Census Bureau and the 1990
commuting zones. Everything called a level, a gap, a mix or a share of children is a rounded design
parameter of the synthetic sample, not a measurement. The only published estimates are those in
`PUBLISHED_CZ` and `PUBLISHED_COUNTY`: check figures from the Opportunity Atlas.
Citation: Chetty, Friedman, Hendren, Jones and Porter (2018), The Opportunity Atlas, NBER WP 25147.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class CountyPart:
    """One county (or part of the list) that has tracts in a city's files."""

    fips: str  # 5 digits
    name: str  # without "County"
    tracts: int  # 2010 tracts with a polygon
    tracts_in_city: int  # of these, at least half their area inside the city
    bearing: tuple[float, float]  # east, north: the side of the city an outer county lies on
    share_of_cz: float  # design: share of the commuting zone's low-income children
    gap: float  # design: county minus commuting zone, kfr rank 0-1
    mix: tuple[float, float, float, float]  # design: white, black, hisp, other shares of children


@dataclass(frozen=True)
class City:
    slug: str
    name: str
    state_usps: str
    place_geoid: str  # 7 digits
    longitude: float
    latitude: float
    land_km2: float
    cz: int
    czname: str
    counties: tuple[CountyPart, ...]  # main one first
    enclaves: int = 0  # towns fully surrounded by the city, one tract each
    water_tract: bool = False  # the main county lists tract 990000, which has no polygon

    @property
    def tracts_in_city(self) -> int:
        return sum(county.tracts_in_city for county in self.counties)

    @property
    def tracts(self) -> int:
        """Tracts with a polygon in all the city's counties."""
        return sum(county.tracts for county in self.counties)


@dataclass(frozen=True)
class CommutingZone:
    """Level of a 1990 commuting zone, children of parents at p25, born 1978-83."""

    cz: int
    name: str
    kfr: float  # rank 0-1
    kfr_se: float | None  # None: computed from the synthetic counties
    count: float  # children below the national median of parents
    black: float
    white: float
    hisp: float
    published: bool  # True: check figures; False: rounded design levels
    other_counties: tuple[str, ...]  # counties of the zone with no tracts in the sample


def _one(fips, name, tracts, inside, share, gap, mix):
    return (CountyPart(fips, name, tracts, inside, (0.0, 0.0), share, gap, mix),)


CITIES: tuple[City, ...] = (
    City(
        "albuquerque",
        "Albuquerque",
        "NM",
        "3502000",
        -106.6468,
        35.1048,
        485,
        34901,
        "Albuquerque",
        _one("35001", "Bernalillo", 153, 121, 0.70, 0.002, (0.23, 0.04, 0.65, 0.08)),
    ),
    City(
        "cincinnati",
        "Cincinnati",
        "OH",
        "3915000",
        -84.5058,
        39.1402,
        202,
        12701,
        "Cincinnati",
        _one("39061", "Hamilton", 222, 110, 0.45, -0.015, (0.45, 0.52, 0.02, 0.01)),
    ),
    City(
        "dayton",
        "Dayton",
        "OH",
        "3921000",
        -84.1996,
        39.7774,
        143,
        12501,
        "Dayton",
        (
            CountyPart("39113", "Montgomery", 153, 49, (0.0, 0.0), 0.48, -0.014, (0.56, 0.40, 0.02, 0.02)),
            CountyPart("39057", "Greene", 35, 0, (1.0, -0.2), 0.09, 0.015, (0.85, 0.10, 0.02, 0.03)),
        ),
    ),
    City(
        "detroit",
        "Detroit",
        "MI",
        "2622000",
        -83.1022,
        42.3830,
        359,
        11600,
        "Detroit",
        _one("26163", "Wayne", 611, 297, 0.55, -0.02, (0.25, 0.68, 0.05, 0.02)),
        enclaves=2,
    ),
    City(
        "lansing",
        "Lansing",
        "MI",
        "2646000",
        -84.5609,
        42.7143,
        101,
        11700,
        "Lansing",
        (
            CountyPart("26065", "Ingham", 81, 34, (0.0, 0.0), 0.66, -0.012, (0.55, 0.24, 0.13, 0.08)),
            CountyPart("26045", "Eaton", 28, 0, (-1.0, -0.4), 0.22, 0.018, (0.80, 0.09, 0.06, 0.05)),
            CountyPart("26037", "Clinton", 22, 0, (-0.1, 1.0), 0.12, 0.033, (0.88, 0.02, 0.06, 0.04)),
        ),
    ),
    City(
        "newark",
        "Newark",
        "NJ",
        "3451000",
        -74.1726,
        40.7242,
        63,
        19600,
        "Newark",
        _one("34013", "Essex", 210, 87, 0.20, -0.055, (0.12, 0.63, 0.22, 0.03)),
    ),
    City(
        "new-orleans",
        "New Orleans",
        "LA",
        "2255000",
        -89.9345,
        30.0534,
        439,
        3300,
        "New Orleans",
        _one("22071", "Orleans", 177, 177, 0.45, -0.02, (0.06, 0.89, 0.03, 0.02)),
    ),
    City(
        "racine",
        "Racine",
        "WI",
        "5566000",
        -87.8142,
        42.7256,
        40,
        24000,
        "Kenosha",
        _one("55101", "Racine", 44, 17, 0.32, -0.01, (0.51, 0.30, 0.17, 0.02)),
        water_tract=True,
    ),
    City(
        "rochester",
        "Rochester",
        "NY",
        "3663000",
        -77.6169,
        43.1699,
        93,
        18000,
        "Buffalo",
        _one("36055", "Monroe", 193, 81, 0.30, -0.01, (0.46, 0.41, 0.10, 0.03)),
    ),
    City(
        "tulsa",
        "Tulsa",
        "OK",
        "4075000",
        -95.9023,
        36.1279,
        511,
        30402,
        "Tulsa",
        (
            CountyPart("40143", "Tulsa", 175, 119, (0.0, 0.0), 0.58, -0.007, (0.50, 0.26, 0.10, 0.14)),
            CountyPart("40131", "Rogers", 28, 0, (1.0, 0.8), 0.07, 0.03, (0.68, 0.03, 0.04, 0.25)),
            CountyPart("40145", "Wagoner", 22, 1, (1.0, -0.8), 0.06, 0.015, (0.66, 0.07, 0.05, 0.22)),
            CountyPart("40113", "Osage", 11, 1, (-0.7, 1.0), 0.06, 0.004, (0.55, 0.10, 0.04, 0.31)),
        ),
    ),
)

COMMUTING_ZONES: tuple[CommutingZone, ...] = (
    CommutingZone(
        34901,
        "Albuquerque",
        0.38697663,
        0.0014074446,
        102336.61,
        0.3505,
        0.4431,
        0.3897,
        True,
        ("35006", "35043", "35057", "35061"),
    ),
    CommutingZone(
        12701,
        "Cincinnati",
        0.38,
        None,
        190000.0,
        0.30,
        0.42,
        0.39,
        False,
        ("21015", "21037", "21077", "21081", "21117", "21191", "39001", "39015", "39017", "39025", "39165"),
    ),
    CommutingZone(
        12501,
        "Dayton",
        0.37457645,
        0.0012435387,
        120240.34,
        0.3054,
        0.4053,
        0.3836,
        True,
        ("39021", "39023", "39037", "39091", "39109", "39135", "39149"),
    ),
    CommutingZone(
        11600,
        "Detroit",
        0.37,
        None,
        470000.0,
        0.31,
        0.42,
        0.39,
        False,
        ("26049", "26087", "26093", "26099", "26125", "26147", "26151", "26155", "26161"),
    ),
    CommutingZone(11700, "Lansing", 0.39627844, 0.0023809168, 34087.734, 0.3179, 0.4230, 0.3693, True, ()),
    CommutingZone(
        19600,
        "Newark",
        0.4457835,
        0.00075030362,
        486203.34,
        0.3536,
        0.5213,
        0.4523,
        True,
        ("34003", "34017", "34019", "34021", "34023", "34027", "34031", "34035", "34037", "34039", "34041", "36087"),
    ),
    CommutingZone(
        3300,
        "New Orleans",
        0.37,
        None,
        210000.0,
        0.33,
        0.43,
        0.41,
        False,
        ("22051", "22075", "22087", "22089", "22093", "22095", "22103", "22117"),
    ),
    CommutingZone(24000, "Kenosha", 0.40, None, 48000.0, 0.30, 0.44, 0.41, False, ("55059", "55105", "55127")),
    CommutingZone(
        18000,
        "Buffalo",
        0.40,
        None,
        190000.0,
        0.31,
        0.44,
        0.37,
        False,
        ("36029", "36037", "36051", "36063", "36069", "36073", "36099", "36117", "36121", "36123"),
    ),
    CommutingZone(
        30402,
        "Tulsa",
        0.40488738,
        0.0013824046,
        116918.49,
        0.3229,
        0.4446,
        0.4148,
        True,
        ("40035", "40037", "40071", "40097", "40117"),
    ),
)

PUBLISHED_COUNTY: dict[str, tuple[float, float]] = {"55127": (0.44411889, 0.005626556)}
"""Walworth, Wisconsin: kfr_pooled_pooled_p25 and its standard error, a published check figure."""
