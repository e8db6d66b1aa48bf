"""Amounts as finance systems write them. What may mean two amounts is refused, with words that say how to write it."""

import re
from decimal import Decimal

from engagements.limits import MOST_USD

LARGEST = Decimal(MOST_USD)  # dollars; beyond it a decimal mark is missing, or the amount is in cents
CENT = Decimal("0.01")
_HOW = "Write it like 1,200.50."
_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_OURS_AT_AN_END = re.compile(r"^(?:US ?\$|USD|\$)|(?:US ?\$|USD|\$)$", re.I)
_OTHERS = re.compile(r"€|£|¥|\b(?:EUR|GBP|CAD|AUD|MXN|JPY|CHF)\b|[CA]\$", re.I)
_UNKNOWN = {"tbd", "tba", "tbc", "n/a", "na", "n.a.", "none", "null", "unknown", "pending", "?", "-", "--", "–", "—"}
_NOT_FINITE = {"nan", "inf", "infinity", "-inf", "-infinity", "+inf", "#n/a", "#value!", "#ref!", "#div/0!", "#num!"}
_ROUNDED = re.compile(r"[\d.,]+ ?(?:k|m|mm|mn|b|bn|thousand|million|billion|mil)\.?", re.I | re.ASCII)
_POWER = re.compile(r"[+-]?[\d.,]+e[+-]?\d+", re.I | re.ASCII)


def read_amount(text: str, decimal_mark: str = ".") -> Decimal:
    """Dollars with at most two decimals; negative for “-300”, “300-” and “(300)”. `decimal_mark`: “.” or “,”.

    Raises ValueError with a sentence for everything else.
    """
    shown = text.strip()[:40]
    plain = _SPACES.sub(" ", text.replace("−", "-")).strip()
    if not plain:
        raise ValueError("There is no amount.")
    if plain.lower() in _UNKNOWN:
        raise ValueError(f"“{shown}” is no amount. Leave the row out until the amount is known.")
    if plain.lower() in _NOT_FINITE:
        raise ValueError(f"“{shown}” is what a spreadsheet writes when a calculation fails: it is no amount.")
    if _OTHERS.search(plain):
        raise ValueError(f"“{shown}” is not in US dollars. The ledger holds dollars only.")
    is_negative, digits = _take_sign(plain, shown)
    if _ROUNDED.fullmatch(digits):
        raise ValueError(f"“{shown}” is rounded. Write the full amount in dollars, to the cent where there are cents.")
    if _POWER.fullmatch(digits):
        raise ValueError(f"“{shown}” is written with a power of ten, which hides digits. Write the full amount.")
    amount = _read_digits(digits, decimal_mark, shown)
    if amount > LARGEST:
        raise ValueError(f"“{shown}” is more than $10 billion. Is a decimal mark missing, or is it in cents?")
    return -amount if is_negative else amount


def _take_sign(plain: str, shown: str) -> tuple[bool, str]:
    """Currency and sign off, in whatever order they stand: “$(300)”, “-$300”, “300- USD”. Two signs say two things."""
    signs, before = 0, None
    while plain != before:
        before = plain
        if plain.startswith("(") and plain.endswith(")"):
            signs, plain = signs + 1, plain[1:-1].strip()
        if plain.startswith("-"):
            signs, plain = signs + 1, plain[1:].strip()
        if plain.endswith("-"):
            signs, plain = signs + 1, plain[:-1].strip()
        plain = _OURS_AT_AN_END.sub("", plain, count=1).strip()
    if signs > 1:
        raise ValueError(f"“{shown}” is negative twice. Write it once.")
    return bool(signs), plain.removeprefix("+")


def _read_digits(digits: str, mark: str, shown: str) -> Decimal:
    group = "," if mark == "." else "."
    number = re.compile(
        rf"(?P<whole>\d+|\d{{1,3}}(?:(?P<by>[{re.escape(group)} ])\d{{3}}(?:(?P=by)\d{{3}})*))"
        rf"(?:{re.escape(mark)}(?P<part>\d+))?|{re.escape(mark)}(?P<cents>\d+)",
        re.ASCII,
    )
    found = number.fullmatch(digits)
    if found is None:
        _refuse_other_mark(digits, mark, group, shown)
        raise ValueError(f"“{shown}” is no amount. {_HOW}")
    whole, part = found["whole"] or "0", found["part"] or found["cents"] or ""
    if len(whole) > 18:
        raise ValueError(f"“{shown}” is more than $10 billion. Is it an account number?")
    if len(part) == 3 and found["whole"] and found["by"] is None and len(whole) < 4 and whole[0] != "0":
        raise ValueError(f"“{shown}” may be {whole},{part} or {whole}.{part}. {_HOW}")
    if part[2:].strip("0"):
        raise ValueError(f"“{shown}” has more than two decimals. Round it to the cent in the finance system.")
    return Decimal(f"{re.sub(r'[^0-9]', '', whole)}.{part[:2] or '0'}").quantize(CENT)


def _refuse_other_mark(digits: str, mark: str, group: str, shown: str) -> None:
    """1.200,50 where the decimal mark is a point: somebody else's way of writing, or a slip."""
    if not re.fullmatch(r"[\d., ]+", digits, re.ASCII) or group not in digits:
        return
    tail = digits.rsplit(group, 1)[1]
    if len(tail) <= 2 or mark in digits:
        now, other = ("a point", "a comma") if mark == "." else ("a comma", "a point")
        raise ValueError(
            f"“{shown}” can't be read for sure: decimals follow {now} here. If the file writes them after "
            f"{other}, say so in the mapping."
        )
