"""A published verdict as one ZIP that a stranger can check: plan, data, code, expected numbers and fingerprints.

The same input gives the same bytes. Data are counts; rows of people are in it only where an agreement names that.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from engagements.pilots.rules.bundle_code import requirements, source_files
from engagements.pilots.rules.bundle_texts import ANALYZE, readme
from engagements.pilots.rules.data import PilotData, Rows, Texts
from engagements.pilots.rules.outside import FilesRefused, analyze_bytes, as_json
from engagements.pilots.rules.readable import readable
from engagements.pilots.rules.registration import Registration
from engagements.pilots.rules.same_numbers import differences_between
from engagements.pilots.rules.spec import SpecFacts, write_spec
from engagements.pilots.rules.writing import data_csv

_STAMP = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP can say: the same content is the same file


@dataclass(frozen=True)
class LockedVersion:
    """`text`: canonical JSON, as locked; `sha256`: as `canonical.fingerprint` chains it."""

    number: int
    text: str
    sha256: str
    locked_at: str
    reason: str = ""


@dataclass(frozen=True)
class BundleContent:
    """`analyzed`: the number of the version that was analyzed. `expected`: as `finding_values` wrote it then.

    `facts` must name the day of the analysis. `rows_agreement`: the agreement that names rows, or "".
    `retracted`: why the verdict was.
    """

    registration: Registration
    versions: Sequence[LockedVersion]
    analyzed: int
    facts: SpecFacts
    outcomes: Mapping[str, PilotData]
    expected: Mapping[str, Any]
    groups: Mapping[str, Texts] = field(default_factory=dict)
    rows_agreement: str = ""
    address: str = ""
    retracted: str = ""


def build_bundle(content: BundleContent) -> bytes:
    """Raises ValueError for rows without an agreement that names them, and without the day of the analysis."""
    if any(isinstance(one, Rows) for one in content.outcomes.values()) and not content.rows_agreement:
        raise ValueError("Rows of people leave the portal only where an agreement names it.")
    if content.facts.analyzed_on is None:
        raise ValueError("Without the day of the analysis nobody could repeat it.")
    spec = write_spec(content.registration, content.facts)
    data = data_csv(content.registration, content.outcomes, content.groups)
    differing = what_differs(spec, data, content.expected)
    files = {
        "README.txt": readme(content.registration, content.expected, differing, content.address, content.retracted),
        "registration.json": next(one.text for one in content.versions if one.number == content.analyzed),
        "registration.txt": "".join(f"{heading}\n  {text}\n" for heading, text in readable(content.registration)),
        "versions.json": _versions(content.versions),
        "spec.toml": spec,
        "data.csv": data,
        "expected.json": as_json(dict(content.expected)),
        "not_given.json": json.dumps(differing),
        "analyze.py": ANALYZE,
        "requirements.txt": requirements(),
    }
    packed = {name: text.encode() for name, text in files.items()}
    packed |= {f"code/{path}": source for path, source in source_files().items()}
    packed["SHA256SUMS"] = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(packed.items())
    ).encode()
    return _zip(packed)


def what_differs(spec: str, data: str, expected: Mapping[str, Any]) -> list[str]:
    """Names of the expected numbers that these two files do not give: empty, unless the verdict needed rows that no
    agreement lets out, or cells that are withheld for being small."""
    try:
        found = analyze_bytes(spec.encode(), data.encode(), date.max)
    except FilesRefused as refused:
        return [str(refused)]
    return differences_between(expected, found)


def with_counts(content: BundleContent, outcomes: Mapping[str, PilotData]) -> BundleContent:
    """The same bundle with other data, such as counts with small cells withheld."""
    return replace(content, outcomes=outcomes, groups={}, rows_agreement="")


def _versions(versions: Sequence[LockedVersion]) -> str:
    kept = [vars(one) for one in sorted(versions, key=lambda one: one.number)]
    return json.dumps(kept, ensure_ascii=False, indent=2) + "\n"


def _zip(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
