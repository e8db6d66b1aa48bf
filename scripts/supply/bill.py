"""The bill of materials of the runtime as CycloneDX 1.6: `make sbom`.

Every locked package that this Python on this system installs, with hashes, license and who asks for it. The file is
checked against the schema of CycloneDX before it is written, and is the same for the same lock.
"""

import json
import sys
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from scripts.supply.licenses import ALLOWED, licenses_of
from scripts.supply.lock_file import RUNTIME, LockedPackage, read_lock


class NotABill(ValueError):
    """What was made does not follow the schema."""


def bill_of(packages: Iterable[LockedPackage]) -> str:
    """JSON text. Raises NotABill."""
    here = [package for package in packages if package.is_for_here]
    refs = {package.name: f"pkg:pypi/{package.name}@{package.version}" for package in here}
    asked: dict[str, list[str]] = {name: [] for name in refs}
    roots = []
    for package in here:
        for by in package.asked_by:
            if by.startswith("-r "):
                roots.append(refs[package.name])
            elif by in asked:
                asked[by].append(refs[package.name])
    bill = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "mobility-portal", "bom-ref": "mobility-portal"}},
        "components": [_component(package, refs[package.name]) for package in here],
        "dependencies": [
            {"ref": "mobility-portal", "dependsOn": sorted(set(roots))},
            *({"ref": refs[name], "dependsOn": sorted(set(needs))} for name, needs in sorted(asked.items())),
        ],
    }
    text = json.dumps(bill, indent=2)
    if problem := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise NotABill(str(problem)[:500])
    return text + "\n"


def _component(package: LockedPackage, ref: str) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": ref,
        "name": package.name,
        "version": package.version,
        "purl": ref,
        # One for each file of the release: which of them is installed depends on the machine.
        "properties": [{"name": "lock:sha256", "value": value} for value in package.hashes],
    }
    try:
        named = licenses_of(package.name, distribution(package.name))
    except PackageNotFoundError:
        return component
    component["licenses"] = [
        {"license": {"id": each} if each in ALLOWED else {"name": each}} for each in dict.fromkeys(named)
    ]
    return component


def main(arguments: list[str]) -> int:
    out = Path(arguments[0])
    text = bill_of(read_lock(RUNTIME))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, "utf-8")
    count = len(json.loads(text)["components"])
    print(f"{out}: {count} packages, valid by the schema of CycloneDX 1.6.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
