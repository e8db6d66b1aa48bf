"""The two texts of a bundle that people read first: how to check it, and the small program that does."""

from collections.abc import Mapping, Sequence
from typing import Any

from engagements.pilots.rules.registration import Registration

ANALYZE = '''"""Computes this verdict again from spec.toml and data.csv, and compares it with expected.json.

python -m pip install -r requirements.txt
python analyze.py
"""

import json
import sys
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "code"))

from engagements.pilots.rules.outside import FilesRefused, analyze_files, as_page, printable  # noqa: E402
from engagements.pilots.rules.same_numbers import differences_between  # noqa: E402


def main() -> int:
    try:
        found = analyze_files(HERE / "spec.toml", HERE / "data.csv", date.today())
    except FilesRefused as refused:
        print(refused, file=sys.stderr)
        return 2
    print(as_page(found))
    expected = json.loads((HERE / "expected.json").read_text("utf-8"))
    not_given = json.loads((HERE / "not_given.json").read_text("utf-8"))
    differing = [name for name in differences_between(expected, found) if name not in not_given]
    if differing:
        print("NOT the same as expected.json:", printable(", ".join(differing)))
        return 1
    if not_given:
        print("These files cannot give:", printable(", ".join(not_given)) + ". All else:")
    print("The same as expected.json.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
'''

_README = """{title}

{retracted}{sentence}

What is in this archive
  registration.txt   the plan, to read
  registration.json  the plan as it was locked (the version that was analyzed)
  versions.json      every locked version with its fingerprint
  spec.toml          the same plan, and what the data cannot say, for analyze_pilot
  data.csv           {data}
  expected.json      the finding when the verdict was given
  not_given.json     names of its numbers that these files cannot give, mostly none
  analyze.py, code/  the code that computes it; requirements.txt names the libraries
  SHA256SUMS         fingerprints of all these files

How to check it
  1. sha256sum -c SHA256SUMS
  2. sha256sum registration.json: this is the first version's fingerprint. A later version's is the SHA-256 of the
     fingerprint before it, a line break and its text.
  3. python -m pip install -r requirements.txt
  4. python analyze.py

{honest}
"""
_SAME = "When this archive was written, these files gave exactly the numbers of expected.json."
_DIFFERS = (
    "These files do not give all numbers of expected.json: {names}.\n"
    "The verdict was computed from lines of people, or from small groups, that may not leave the portal.\n"
    "What can be had from counts alone is computed by analyze.py; the rest cannot be checked with this archive."
)


def readme(
    registration: Registration,
    expected: Mapping[str, Any],
    differing: Sequence[str],
    address: str,
    retracted: str = "",
) -> str:
    """`differing`: names of expected numbers that the files do not give; said openly where there are any. `retracted`:
    why the verdict was, "" where it stands."""
    names = ", ".join(differing[:8]) + (f" and {len(differing) - 8} more" if len(differing) > 8 else "")
    text = _README.format(
        title=registration.title,
        retracted=f"RETRACTED: {retracted}\nThis verdict stands no longer. It said:\n\n" if retracted else "",
        sentence=expected["sentence"],
        data="counts and sums by group; small groups may be withheld",
        honest=_DIFFERS.format(names=names) if differing else _SAME,
    )
    return text + (f"From {address}\n" if address else "")
