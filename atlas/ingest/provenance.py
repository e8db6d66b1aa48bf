"""Published or generated: decided per file, kept with its release, and what follows for what is live."""

import json
from pathlib import Path

from atlas.models import LivePart, Release
from atlas.sources.base import ParsedFile, file_error, parsed_parts

MANIFEST = "manifest.json"


def check_provenance(path: Path, sha256: str, parsed: ParsedFile) -> bool:
    """Whether a file is synthetic. Raises SourceFileError where it would take the place of published figures."""
    found = is_sample(path, sha256)
    if found and _would_replace_real(parsed):
        raise file_error(
            f"is synthetic sample data, and the data in use of '{parsed.dataset.title}' are the source's own: "
            "a sample never replaces them"
        )
    return found


def is_sample(path: Path, sha256: str) -> bool:
    """The manifest beside it says so, or the same bytes were known as a sample before, wherever they lie now."""
    return (
        sha256 in _manifest_checksums(path.parent / MANIFEST)
        or Release.objects.filter(sha256=sha256, is_sample=True).exists()
    )


def _manifest_checksums(manifest: Path) -> frozenset[str]:
    """Checksums of the synthetic files of a manifest; none when there is no manifest or it is of another kind."""
    try:
        found = json.loads(manifest.read_text("utf-8"))
        files = found["files"] if found["synthetic"] is True else []
        return frozenset(entry["sha256"] for entry in files)
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()


def _would_replace_real(parsed: ParsedFile) -> bool:
    live = LivePart.objects.filter(dataset=parsed.dataset.key, part__in=parsed_parts(parsed))
    return live.filter(release__is_sample=False).exists()
