"""Every package is pinned with its hashes, and everything that we ask for has its reason."""

import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from scripts.supply.lock_file import DEVELOPMENT, ROOT, RUNTIME, read_lock, read_reasons

LOCKS = {RUNTIME: [ROOT / "requirements.in"], DEVELOPMENT: [ROOT / "requirements.in", ROOT / "requirements-dev.in"]}
both = pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)


@both
def test_what_we_ask_for_is_locked_as_it_is_pinned(lock):
    """Else `make lock` was forgotten."""
    locked: dict[str, set[str]] = {}
    for package in read_lock(lock):
        locked.setdefault(package.name, set()).add(package.version)
    for path in LOCKS[lock]:
        for name, (pinned, reason) in read_reasons(path).items():
            assert locked.get(name) == {pinned}, f"{path.name} has {name}=={pinned}: run `make lock`"
            assert len(reason) > 10, name


@both
def test_nothing_is_locked_that_nobody_asks_for(lock):
    ours = {f"-r {path.name}" for path in LOCKS[lock]}
    reasons = {name for path in LOCKS[lock] for name in read_reasons(path)}
    names = {package.name for package in read_lock(lock)}
    for package in read_lock(lock):
        assert package.asked_by, package.name
        asked_by_us = bool(ours & set(package.asked_by))
        assert asked_by_us == (package.name in reasons), f"{package.name}: run `make lock`"
        assert {by for by in package.asked_by if not by.startswith(("-r ", "-c "))} <= names, package.name


@both
def test_every_file_of_every_package_has_its_hash(lock):
    packages = read_lock(lock)
    assert len(packages) > 100
    assert all(package.hashes and len(set(package.hashes)) == len(package.hashes) for package in packages)


@both
def test_no_index_is_named(lock):
    """Where packages come from is the business of the machine that installs them."""
    text = lock.read_text("utf-8")
    assert "://" not in text and not re.search(
        r"^\s*(-i|--(extra-)?index-url|--find-links|--trusted-host)\b", text, re.M
    )


def test_development_has_the_runtime_as_it_is():
    def pins(path: Path) -> dict[tuple[str, str], tuple[str | None, tuple[str, ...]]]:
        return {(each.name, each.version): (each.marker, tuple(each.hashes)) for each in read_lock(path)}

    runtime, development = pins(RUNTIME), pins(DEVELOPMENT)
    assert {key: development.get(key, ((), ()))[1] for key in runtime} == {key: runtime[key][1] for key in runtime}


def test_what_is_installed_here_is_what_is_locked():
    wrong = []
    for package in read_lock(DEVELOPMENT):
        if package.is_for_here and package.name != "pip":  # the one that came with the environment installs as well
            try:
                installed = version(package.name)
            except PackageNotFoundError:
                installed = "nothing"
            if installed != package.version:
                wrong.append(f"{package.name}: {installed} is installed, {package.version} is locked")
    assert wrong == []


def test_every_way_to_install_asks_for_the_hashes():
    for name in ("scripts/prepare_venv.sh", "Dockerfile"):
        installs = [line for line in (ROOT / name).read_text("utf-8").splitlines() if re.search(r"pip install\b", line)]
        assert installs and all("--require-hashes" in line for line in installs), name


@pytest.mark.parametrize(
    "line",
    ["numpy>=2.0  # vectors", "numpy==2.4.6", "numpy  # vectors", "numpy==2.4.6 #", "https://x.example/a.whl  # a"],
)
def test_a_line_without_pin_or_reason_is_refused(tmp_path, line):
    (tmp_path / "a.in").write_text(line + "\n")
    with pytest.raises(ValueError, match="line 1"):
        read_reasons(tmp_path / "a.in")


@pytest.mark.parametrize("line", ["numpy", "--index-url x", "numpy>=2 \\", "    --hash=sha256:abc"])
def test_a_line_that_no_lock_has_is_refused(tmp_path, line):
    (tmp_path / "a.txt").write_text(line + "\n")
    with pytest.raises(ValueError, match="line 1"):
        read_lock(tmp_path / "a.txt")
