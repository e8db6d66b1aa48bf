"""Does a backup file restore? Tried in a scratch server, which goes away again; the portal's own is not touched."""

import shutil
import tempfile
from pathlib import Path

from mobility_portal.backup.archive import read_archive
from mobility_portal.backup.keys import Identity
from mobility_portal.backup.manifest import DUMP, Manifest
from mobility_portal.backup.trial import load_dump, scratch_server


def verify_backup(path: Path, identity: Identity, folder: Path, *, trust_unsigned: bool = False) -> Manifest:
    """Every file and every table equal by checksum. `folder`: where there is room. Raises Refusal; leaves nothing."""
    work = Path(tempfile.mkdtemp(prefix="verify-backup-", dir=folder))
    try:
        (work / "contents").mkdir(mode=0o700)
        manifest = read_archive(path.expanduser(), identity, work / "contents", trust_unsigned=trust_unsigned)
        with scratch_server(work / "home") as scratch:
            load_dump(scratch, work / "contents" / DUMP, manifest)
        return manifest
    finally:
        shutil.rmtree(work, ignore_errors=True)
