"""Each package's license is on the list, or the run fails."""

from email.message import Message
from types import SimpleNamespace

import pytest

from scripts.supply import licenses
from scripts.supply.lock_file import DEVELOPMENT, LockedPackage, read_lock


def package(name: str) -> LockedPackage:
    return LockedPackage(name, "1.0", None, [], [])


def described(expression="", classifiers=(), text=""):
    said = Message()
    if expression:
        said["License-Expression"] = expression
    if text:
        said["License"] = text
    for kind in classifiers:
        said["Classifier"] = f"License :: OSI Approved :: {kind}"
    return SimpleNamespace(metadata=said)


def test_every_license_here_is_on_the_list():
    lines: list[str] = []
    assert licenses.check(read_lock(DEVELOPMENT), lines.append) == 0, lines


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (described("MIT"), ["MIT"]),
        (described("BSD-3-Clause AND Zlib"), ["BSD-3-Clause", "Zlib"]),
        (described("GPL-3.0-only OR MIT"), ["MIT"]),
        (described("(GPL-3.0-only OR MIT) AND ISC"), ["MIT", "ISC"]),
        (described(classifiers=["BSD License"], text="BSD 3-Clause License Copyright (c) ..."), ["BSD-3-Clause"]),
        (described(classifiers=["MIT License", "GNU General Public License (GPL)"], text="MIT"), None),
        (described(text="Proprietary"), ["Proprietary"]),
        (described("AGPL-3.0-only"), ["AGPL-3.0-only"]),
        (described(), []),
    ],
    ids=lambda value: str(value)[:30],
)
def test_licenses_are_read_as_packages_write_them(monkeypatch, said, expected):
    found = licenses.licenses_of("a-package", said)
    if expected is not None:
        assert found == expected
    monkeypatch.setattr(licenses, "distribution", lambda name: said)
    allowed = expected is not None and expected != [] and set(expected) <= licenses.ALLOWED
    assert licenses.check([package("a-package")], lambda line: None) == (0 if allowed else 1)


def test_a_package_that_is_not_installed_has_no_known_license():
    lines: list[str] = []
    assert licenses.check([package("no-such-package-anywhere")], lines.append) == 1
    assert any("not installed" in line for line in lines)


def test_a_package_of_another_system_is_left_out():
    elsewhere = LockedPackage("no-such-package-anywhere", "1.0", "sys_platform == 'plan9'", [], [])
    assert licenses.check([elsewhere], lambda line: None) == 0


def test_what_was_read_by_hand_is_still_locked():
    assert set(licenses.READ_BY_HAND) <= {each.name for each in read_lock(DEVELOPMENT)}
