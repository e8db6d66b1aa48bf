"""Which tracts money serves, as shares of it; never where the payee has an office."""

import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_FLOOR, Decimal

from engagements.money.rules.amounts import CENT

TOLERANCE = Decimal("0.000001")
MAX_TRACTS = 500
_PART = re.compile(r"(\d+)\s*(?::\s*(.*))?", re.ASCII)
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,6})?|\.\d{1,6})\s*%?", re.ASCII)
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,12})?|\.\d{1,12})\s*(%?)", re.ASCII)


def read_tracts(text: str) -> dict[str, Decimal]:
    """“26163500100:0.5;26163500200:50%”; one tract alone needs no share. Empty text: not placed yet, {}.

    How tables say it. Raises ValueError with a sentence.
    """
    parts = [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
    if len(parts) > MAX_TRACTS:
        raise ValueError(f"More than {MAX_TRACTS} tracts.")
    shares: dict[str, Decimal] = {}
    for part in parts:
        found = _PART.fullmatch(part)
        if found is None:
            raise ValueError(f"“{part[:40]}”: write a tract and its share, 26163500100:0.5.")
        geoid, share = found[1], found[2]
        if len(geoid) == 10:
            raise ValueError(f"“{geoid}” has 10 digits, a tract has 11: a spreadsheet took the leading zero away.")
        if len(geoid) != 11:
            raise ValueError(f"“{geoid[:20]}” has {len(geoid)} digits, a tract has 11.")
        if geoid in shares:
            raise ValueError(f"Tract {geoid} stands there twice.")
        if not share and len(parts) > 1:
            raise ValueError(f"Tract {geoid} has no share. Several tracts need one each, together 1.")
        shares[geoid] = _read_share(share, geoid) if share else Decimal(1)
    if problem := share_problem(shares):
        raise ValueError(problem)
    return shares


def shares_of_picked(picked: Iterable[str], typed: Mapping[str, str]) -> dict[str, Decimal]:
    """Shares of the tracts that were ticked, from percents as typed beside their names; together exactly 1.

    What is left of 100% is divided equally among those without a number. Raises ValueError with a sentence.

    >>> shares_of_picked(["26163500100", "26163500200"], {"26163500100": "75"})
    {'26163500100': Decimal('0.75'), '26163500200': Decimal('0.250000')}
    """
    names = list(dict.fromkeys(picked))
    if len(names) > MAX_TRACTS:
        raise ValueError(f"At most {MAX_TRACTS} tracts can be chosen.")
    given = {name: _read_percent(typed[name], name) for name in names if typed.get(name, "").strip()}
    rest = [name for name in names if name not in given]
    left = 1 - sum(given.values(), Decimal(0))
    if not rest:
        if names and abs(left) > TOLERANCE:
            total = (100 * (1 - left)).normalize()
            raise ValueError(f"The shares make {total:f}% together. They have to make 100%.")
        return given
    if left <= 0:
        raise ValueError("The shares make 100% already, and other tracts are chosen. Lower a share or untick a tract.")
    parts = equal_shares(rest)
    filled = {name: (left * part).quantize(Decimal("0.000001"), ROUND_FLOOR) for name, part in parts.items()}
    filled[rest[0]] += left - sum(filled.values(), Decimal(0))
    return {name: given.get(name, filled.get(name, Decimal(0))) for name in names}


def _read_percent(text: str, geoid: str) -> Decimal:
    found = _PERCENT.fullmatch(text.strip())
    share = Decimal(found[1]) / 100 if found else Decimal(0)
    if not 0 < share <= 1:
        raise ValueError(f"“{text.strip()[:20]}” is no share of tract {geoid}: write a percent above 0, up to 100.")
    return share


def share_problem(shares: Mapping[str, Decimal]) -> str:
    """Why these shares are none: each above 0, together 1. Empty when they are, and for no tracts at all."""
    for geoid, share in shares.items():
        if not share.is_finite() or not 0 < share <= 1:
            return f"The share of tract {geoid} is {share}: each is above 0 and at most 1."
    total = sum(shares.values(), Decimal(0))
    if shares and abs(total - 1) > TOLERANCE:
        return f"The shares of the tracts make {total.normalize():f} together, not 1."
    return ""


def equal_shares(geoids: Iterable[str]) -> dict[str, Decimal]:
    """1 in equal parts of six decimals; the first ones take what is left, so that they make exactly 1."""
    names = list(dict.fromkeys(geoids))
    if not names:
        return {}
    each, left = divmod(1_000_000, len(names))
    return {name: Decimal(each + (at < left)).scaleb(-6) for at, name in enumerate(names)}


def split(amount: Decimal, shares: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """An amount in whole cents by tract, exactly the amount in total: largest remainders first, then by GEOID.

    Shares of any total above 0 are taken as proportions.
    """
    total = sum(shares.values(), Decimal(0))
    cents = int((abs(amount) / CENT).to_integral_exact())
    exact = {geoid: cents * share / total for geoid, share in shares.items()}
    parts = {geoid: int(part) for geoid, part in exact.items()}
    rest = cents - sum(parts.values())
    for geoid in sorted(exact, key=lambda each: (-(exact[each] - parts[each]), each))[:rest]:
        parts[geoid] += 1
    sign = -1 if amount < 0 else 1
    return {geoid: sign * part * CENT for geoid, part in parts.items()}


def to_cents(parts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Exact parts of an amount in whole cents, together what they are together: largest remainders first, then by
    GEOID."""
    whole = sum(parts.values(), Decimal(0)).quantize(CENT)
    found = {geoid: part.quantize(CENT, ROUND_FLOOR) for geoid, part in parts.items()}
    rest = int((whole - sum(found.values(), Decimal(0))) / CENT)
    for geoid in sorted(parts, key=lambda each: (-(parts[each] - found[each]), each))[:rest]:
        found[geoid] += CENT
    return found


def _read_share(text: str, geoid: str) -> Decimal:
    found = _SHARE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"“{text[:20]}” is no share of tract {geoid}. Write 0.5 or 50%.")
    return Decimal(found[1]) / (100 if found[2] else 1)
