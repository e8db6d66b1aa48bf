"""The words in a file, read by a process that may open nothing and grow little: see `read_text.py`."""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from engagements.finding.files.reasons import DAMAGED, EMPTY, PROBLEMS, READ, TOO_LONG

SECONDS = 40  # by the clock; the program has fewer of a processor
LARGEST = 8_000_000  # bytes of what it says
MOST_PARTS = 5_000
LONGEST_PART, LONGEST_PLACE = 1_600, 60
_PROGRAM = Path(__file__).with_name("read_text.py")


@dataclass(frozen=True)
class FileText:
    """`parts`: (place, text), such as ("page 3", "..."). With a `problem` there are none."""

    problem: str = ""
    parts: tuple[tuple[str, str], ...] = ()
    is_cut: bool = False


def text_of_file(content: BinaryIO, media_type: str) -> FileText:
    """`content`: a file on the disk, at its start. What the program says is believed no more than the file."""
    with tempfile.TemporaryFile() as out:
        try:
            done = subprocess.run(  # noqa: S603 - our own program, one word of ours as its argument
                [sys.executable, "-I", str(_PROGRAM), READ[media_type]],
                stdin=content,
                stdout=out,
                stderr=subprocess.DEVNULL,
                env={"MALLOC_ARENA_MAX": "2"},
                cwd="/",
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return FileText(TOO_LONG)
        out.seek(0)
        written = out.read(LARGEST + 1)
    if done.returncode < 0:  # ended by a signal: its time was up, or the decoder fell over
        return FileText(TOO_LONG)
    return _read(written) if done.returncode == 0 else FileText(DAMAGED)


def _read(written: bytes) -> FileText:
    try:
        said = json.loads(written)
        if "problem" in said:
            return FileText(said["problem"] if said["problem"] in PROBLEMS else DAMAGED)
        parts = tuple(
            (str(place)[:LONGEST_PLACE], str(text)[:LONGEST_PART].replace("\x00", " "))
            for place, text in said["parts"][:MOST_PARTS]
        )
    except (ValueError, KeyError, TypeError):
        return FileText(DAMAGED)
    return FileText("", parts, bool(said.get("is_cut"))) if parts else FileText(EMPTY)
