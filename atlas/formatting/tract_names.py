"""What a census tract is called: its neighborhood's name, or its number and where it lies. Never "Detroit, MI".

The Opportunity Atlas names a tract "Corktown, Detroit, MI", with a bare place "Detroit, MI" where it knows no
neighborhood, or not at all.
"""


def tract_number(geoid: str) -> str:
    """The Census's number of a tract from its 11-digit GEOID: "26163521400" -> "5214", "26163518801" -> "5188.01"."""
    whole, part = geoid[5:9].lstrip("0") or "0", geoid[9:11]
    return whole if part == "00" else f"{whole}.{part}"


def is_open_water(geoid: str) -> bool:
    """Whether a tract of 2010 is water alone: the Census Bureau keeps the numbers 9900 to 9998 for those.

    >>> is_open_water("22071990000"), is_open_water("22071980100")
    (True, False)
    """
    return geoid[5:7] == "99"


def neighborhood_in(name: str) -> str:
    """ "Corktown" of "Corktown, Detroit, MI" and of "Corktown"; "" where the name is a bare place or empty."""
    parts = _parts(name)
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-2])


def place_in(name: str) -> str:
    """ "Detroit" of "Corktown, Detroit, MI" and of "Detroit, MI"; "" of an empty name."""
    parts = _parts(name)
    return parts[-2] if len(parts) > 1 else ""


def tract_title(geoid: str, name: str, near: str = "", county: str = "") -> str:
    """The neighborhood's name; without one "Tract 5222, near Corktown", or with its place or county instead.

    `name` as the Opportunity Atlas has it, `near` a named neighborhood beside it, `county` its county's full name.
    """
    if found := neighborhood_in(name):
        return found
    number = f"Tract {tract_number(geoid)}"
    if near:
        return f"{number}, near {near}"
    where = place_in(name) or county
    return f"{number}, {where}" if where else number


def _parts(name: str) -> list[str]:
    return [part for part in (one.strip() for one in name.split(",")) if part]
