"""Dollars of one year in the prices of another.

Source: US Bureau of Labor Statistics, CPI-U, US city average, all items, annual average (series CUUR0000SA0,
1982-84 = 100). Two things to know. Annual averages up to 2006 are published with one decimal. No prices were collected
in October 2025, so that the average of 2025 is that of eleven months.
"""

from engagements.plans.arithmetic.refusals import PlanningRefused

SOURCE = "US Bureau of Labor Statistics, CPI-U, US city average, all items, annual average"
NOTES = {2025: "the average of 2025 is that of eleven months: no prices were collected in October 2025"}
CPI_U = {
    2000: 172.2,
    2001: 177.1,
    2002: 179.9,
    2003: 184.0,
    2004: 188.9,
    2005: 195.3,
    2006: 201.6,
    2007: 207.342,
    2008: 215.303,
    2009: 214.537,
    2010: 218.056,
    2011: 224.939,
    2012: 229.594,
    2013: 232.957,
    2014: 236.736,
    2015: 237.017,
    2016: 240.007,
    2017: 245.120,
    2018: 251.107,
    2019: 255.657,
    2020: 258.811,
    2021: 270.970,
    2022: 292.655,
    2023: 304.702,
    2024: 313.689,
    2025: 321.943,
}
PRICE_YEARS = tuple(sorted(CPI_U))  # to choose from
FIRST_YEAR, LAST_YEAR = PRICE_YEARS[0], PRICE_YEARS[-1]


def check_price_year(field: str, year: object) -> int:
    """A year of the table. Raises PlanningRefused."""
    if isinstance(year, bool) or not isinstance(year, int) or year not in CPI_U:
        raise PlanningRefused(
            field,
            f"There is no price index for {year}: the table has {FIRST_YEAR} to {LAST_YEAR}. "
            "Give the amount in the prices of one of these years.",
        )
    return year


def price_factor(from_year: int, to_year: int) -> float:
    """What a dollar of one year is in dollars of another. Worked: 2006 to 2024 = 313.689 / 201.6 = 1.555997."""
    return CPI_U[check_price_year("price_year", to_year)] / CPI_U[check_price_year("price_year", from_year)]
