"""The linter's rules for security are on for the whole project, and every exception says why, where it is."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = ("atlas", "clients", "dashboards", "engagements", "mobility_portal", "scripts")
RUFF = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]


def test_the_rules_for_security_are_on():
    """In `make check`, which `.ci/run` begins with."""
    assert "S" in RUFF["select"]
    assert [rule for rule in RUFF["ignore"] if rule.startswith("S")] == ["S101"]
    loosened = {where for where, rules in RUFF["per-file-ignores"].items() if any(r.startswith("S") for r in rules)}
    assert loosened == {"tests/**"} and "S" not in RUFF["per-file-ignores"]["tests/**"]
    assert "ruff check ." in (ROOT / "Makefile").read_text("utf-8")
    assert "make check" in (ROOT / ".ci/run").read_text("utf-8")


def test_every_exception_says_why():
    bare, seen = [], 0
    for path in (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            whole = re.search(r"#\s*(ruff:\s*)?noqa\s*$|#\s*ruff:\s*noqa:.*\bS\d", line)
            assert not whole, f"{path}, line {number}: too much at once"
            if said := re.search(r"# noqa: [A-Z0-9, ]*\bS\d+[A-Z0-9, ]*(.*)", line):
                seen += 1
                if not re.match(r"\s*- \S.{7,}", said[1]):
                    bare.append(f"{path.relative_to(ROOT)}, line {number}")
    assert bare == [] and seen > 20


def test_every_rule_that_is_off_says_why():
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    for block in re.findall(r"^(?:ignore|\"tests/\*\*\") = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL):
        last = ""
        for line in block.splitlines():
            said = line.partition("#")[2].strip() or last
            assert said, line
            last = said
