"""What `docs/security.md` names as proof is there, and no requirement of the standard's levels 1 and 2 is left out."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAPER = (ROOT / "docs/security.md").read_text("utf-8")
STATES = {"holds", "in part", "**gap**", "not used"}
# Of ASVS 5.0.0: how many requirements of levels 1 and 2 each chapter has.
CHAPTERS = {1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7, 10: 29, 11: 14, 12: 9, 13: 13, 14: 9, 15: 13}
CHAPTERS |= {16: 16, 17: 7}
ROWS = re.findall(r"^\| (\d+\.\d+\.\d+) \| (.+?) \| (.+?) \| (.+) \|$", PAPER, re.MULTILINE)


def test_every_requirement_is_there_once():
    assert len({number for number, *_rest in ROWS}) == len(ROWS) == 253
    assert Counter(int(number.split(".")[0]) for number, *_rest in ROWS) == CHAPTERS
    assert {state for _number, _asks, state, _where in ROWS} <= STATES


def test_every_test_and_file_it_names_is_there():
    missing = []
    for number, _asks, _state, where in ROWS:
        for span in re.findall(r"`([^`\s]+)`", where):
            path, _, test = span.partition("::")
            if test and not re.search(rf"^(async )?def {test}\(", _text(path), re.MULTILINE):
                missing.append((number, span))
            elif "/" in path and not path.startswith("/") and not (ROOT / path).exists():
                missing.append((number, span))
    assert missing == []


def test_most_of_what_holds_is_shown_by_a_test():
    held = [where for _number, _asks, state, where in ROWS if state == "holds"]
    assert sum("::" in where for where in held) > len(held) / 2


def test_the_counts_and_the_gaps_are_those_of_the_rows():
    counted = Counter((int(number.split(".")[0]), state.strip("*")) for number, _asks, state, _where in ROWS)
    for chapter, holds, part, gap, unused in re.findall(
        r"^\| V(\d+) .+? \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", PAPER, re.MULTILINE
    ):
        told = {"holds": int(holds), "in part": int(part), "gap": int(gap), "not used": int(unused)}
        assert told == {state: counted[int(chapter), state] for state in told}, chapter
    gaps = [number for number, _asks, state, _where in ROWS if state == "**gap**"]
    listed = PAPER.partition("## The gaps")[2].partition("\n## ")[0]
    assert re.findall(r"^- \*\*(\d+\.\d+\.\d+)\*\*", listed, re.MULTILINE) == gaps


def _text(path: str) -> str:
    return (ROOT / path).read_text("utf-8") if (ROOT / path).exists() else ""
