"""The one text of a registration that is locked, and its fingerprint: the same plan always gives the same bytes.

Rules of the text: JSON in UTF-8 without spaces or line breaks; keys sorted; every field written, also defaults;
texts in Unicode's NFC; whole numbers as they are, all others with exactly six decimals; dates as 2027-03-31.
"""

import hashlib
import json
import math
import unicodedata
from collections.abc import Sequence
from datetime import date

from engagements.pilots.rules.plain import PlainRefused, from_plain, to_plain
from engagements.pilots.rules.registration import Registration

DECIMALS = 6


def canonical_json(registration: Registration) -> str:
    """Raises ValueError for a number that is not finite. Decimals beyond the sixth are rounded: lock what this says.

    Worked: smallest_worthwhile=4.0 is written "smallest_worthwhile":4.000000.
    """
    return write_canonical(to_plain(registration))


def registration_of(text: str) -> Registration:
    """The registration of a locked text, also one locked before a field was added: that takes its default.

    Raises PlainRefused where it is no JSON or has names that are not known.
    """
    try:
        plain = json.loads(text)
    except ValueError as broken:
        raise PlainRefused([("", "The registration is not JSON.")]) from broken
    return from_plain(Registration, plain)


def write_canonical(plain: object) -> str:
    """Canonical JSON of plain values; see the rules above."""
    if plain is None or isinstance(plain, bool):
        return json.dumps(plain)
    if isinstance(plain, int):
        return str(plain)
    if isinstance(plain, float):
        return _decimals(plain)
    if isinstance(plain, date):
        return f'"{plain.isoformat()}"'
    if isinstance(plain, str):
        return json.dumps(unicodedata.normalize("NFC", plain), ensure_ascii=False)
    if isinstance(plain, dict):
        parts = (f"{write_canonical(name)}:{write_canonical(plain[name])}" for name in sorted(plain))
        return f"{{{','.join(parts)}}}"
    if isinstance(plain, list):
        return f"[{','.join(write_canonical(one) for one in plain)}]"
    raise TypeError(f"{type(plain).__name__} has no canonical text.")


def fingerprint(text: str, previous: str = "") -> str:
    """SHA-256 in hex of the text; from the second version on, of the previous fingerprint, a line break and the text.

    So whoever changes an earlier version changes all later fingerprints. By hand: `sha256sum registration.json`, and
    `(echo PREVIOUS; cat registration.json) | sha256sum`.
    """
    return hashlib.sha256((f"{previous}\n{text}" if previous else text).encode()).hexdigest()


def chain_problem(versions: Sequence[tuple[str, str]]) -> str:
    """What is wrong with versions (text, fingerprint) in their order; "" when each follows from the one before."""
    previous = ""
    for number, (text, said) in enumerate(versions, start=1):
        if fingerprint(text, previous) != said:
            return f"Version {number} is not the text that was locked: its fingerprint does not fit."
        previous = said
    return ""


def _decimals(number: float) -> str:
    if not math.isfinite(number):
        raise ValueError("A registration holds finite numbers only.")
    text = f"{number:.{DECIMALS}f}"
    return text.removeprefix("-") if float(text) == 0 else text
