"""A document's preview, drawn by a process that may open nothing and grow little: see `draw_page.py`."""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from engagements.discussion.previews.reasons import DAMAGED, PROBLEMS, SHOWN, TOO_LONG

SECONDS = 30  # by the clock; the program has fewer of a processor
LARGEST = 4_000_000  # bytes of both pictures
PIXELS = 4_000  # of a side; far above what the program draws
_PROGRAM = Path(__file__).with_name("draw_page.py")


@dataclass(frozen=True)
class Preview:
    """WebP pictures; `width` and `height` in pixels, of the large one. With a `problem` there is no picture."""

    problem: str = ""
    large: bytes = b""
    small: bytes = b""
    width: int = 0
    height: int = 0


def draw_preview(content: BinaryIO, media_type: str) -> Preview:
    """`content`: a file on the disk, at its start. What the program says is believed no more than the file."""
    with tempfile.TemporaryFile() as out:
        try:
            done = subprocess.run(  # noqa: S603 - our own program, one word of ours as its argument
                [sys.executable, "-I", str(_PROGRAM), SHOWN[media_type]],
                stdin=content,
                stdout=out,
                stderr=subprocess.DEVNULL,
                env={"MALLOC_ARENA_MAX": "2"},
                cwd="/",
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Preview(TOO_LONG)
        out.seek(0)
        written = out.read(LARGEST + 1)
    if done.returncode < 0:  # ended by a signal: its time was up, or the decoder fell over
        return Preview(TOO_LONG)
    return _read(written) if done.returncode == 0 else Preview(DAMAGED)


def _read(written: bytes) -> Preview:
    head, _, pictures = written.partition(b"\n")
    try:
        said = json.loads(head)
        if "problem" in said:
            return Preview(said["problem"] if said["problem"] in PROBLEMS else DAMAGED)
        first, second = (int(size) for size in said["sizes"])
        width, height = int(said["width"]), int(said["height"])
    except (ValueError, KeyError, TypeError):
        return Preview(DAMAGED)
    large, small = pictures[:first], pictures[first:]
    whole = len(large) == first and len(small) == second and 0 < width <= PIXELS and 0 < height <= PIXELS
    if not whole or not all(part[:4] == b"RIFF" and part[8:12] == b"WEBP" for part in (large, small)):
        return Preview(DAMAGED)
    return Preview("", large, small, width, height)
