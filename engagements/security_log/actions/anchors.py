"""Anchors: place and hash of the chain's end, written outside of the database, so that a cut-off end is seen."""

import json
import logging
import os
from datetime import UTC, datetime
from pathlib import Path

from engagements.models.security import SecurityLink

logger = logging.getLogger(__name__)


def read_anchors(path: Path) -> list[tuple[int, str]]:
    """(position, hash) of each line, oldest first; [] without a file. Raises ValueError for a line nobody wrote."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    found = [json.loads(line) for line in lines if line.strip()]
    return [(int(each["position"]), str(each["hash"])) for each in found]


def write_anchor(path: Path, now: datetime) -> int | None:
    """Adds the end of the chain as a line of `path` and to the portal's log; its position, None when it is there."""
    last = SecurityLink.objects.order_by("-position").first()
    if last is None:
        return None
    written = read_anchors(path)
    if written and written[-1][0] >= last.position:
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps({"at": now.astimezone(UTC).isoformat(), "position": last.position, "hash": last.hash})
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())
    logger.info("Security log: position %s has the hash %s", last.position, last.hash)
    return last.position
