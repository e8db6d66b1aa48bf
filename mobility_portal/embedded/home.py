"""MOBILITY_HOME: the one private folder that holds everything the portal writes."""

import errno
import json
import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from mobility_portal.embedded.refusal import Refusal

PROJECT_DIR = Path(__file__).resolve().parent.parent.parent
MINIMUM_FREE_BYTES = 300 * 1024 * 1024


@dataclass(frozen=True)
class Home:
    """Layout of the folder.

    secrets/    secret key and the servers' passwords, mode 600, made once
    postgres/   the private Postgres: data/ is its cluster (owned by the user it runs as)
    valkey/     the private Valkey: its dump file
    run/        locks, services.json: which servers run, their process ids and ports, and postgres_bin: whose Postgres
    log/        one file per process
    static/     collected static files
    media/      uploaded files
    """

    path: Path

    @property
    def secrets(self) -> Path:
        return self.path / "secrets"

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def valkey(self) -> Path:
        return self.path / "valkey"

    @property
    def run(self) -> Path:
        return self.path / "run"

    @property
    def log(self) -> Path:
        return self.path / "log"

    @property
    def static(self) -> Path:
        return self.path / "static"

    @property
    def media(self) -> Path:
        return self.path / "media"

    def prepare(self) -> None:
        """Create the layout, closed to everyone else, and refuse a folder that cannot be used."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            if self.path.stat().st_uid == os.geteuid():
                self.path.chmod(0o700)
            for folder in (self.secrets, self.run, self.log, self.static, self.media):
                folder.mkdir(mode=0o700, exist_ok=True)
                # A folder may exist and still be read-only or another user's: only writing tells.
                with tempfile.TemporaryFile(dir=folder):
                    pass
        except OSError as error:
            raise _refuse_folder(self.path, error) from error
        free = shutil.disk_usage(self.path).free
        if free < MINIMUM_FREE_BYTES:
            raise Refusal(
                f"The disk of {self.path} is full: {free // 1_000_000} MB are free and the portal needs "
                f"{MINIMUM_FREE_BYTES // 1_000_000} MB; free some space or set MOBILITY_HOME to another disk."
            )

    def secret(self, name: str) -> str:
        """The random secret of this name, made on first use and readable by its owner only."""
        path = self.secrets / name
        try:
            # Written whole beside its name, then linked: of two processes that start together one
            # wins and both read the same value, and nobody ever reads a half-written file.
            if not path.exists():
                descriptor, draft = tempfile.mkstemp(dir=self.secrets)  # mkstemp files are mode 600
                with os.fdopen(descriptor, "w") as file:
                    file.write(secrets.token_urlsafe(48))
                try:
                    os.link(draft, path)
                except FileExistsError:
                    pass  # the other process was first: its value is the secret
                finally:
                    os.unlink(draft)
            return path.read_text()
        except OSError as error:
            raise _refuse_folder(self.secrets, error) from error

    def read_state(self) -> dict[str, dict]:
        """What is known of the servers: {"postgres": {"pid": 1, "port": 2}, "valkey": {...}}.

        A pid that no longer runs means the server is down; its port is kept so that a restart
        finds the same address again.
        """
        try:
            return json.loads((self.run / "services.json").read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {}  # never started, or cut off by a full disk: both mean "nothing known"

    def write_state(self, state: dict[str, dict]) -> None:
        draft = self.run / "services.json.draft"
        draft.write_text(json.dumps(state))
        draft.replace(self.run / "services.json")


def _refuse_folder(path: Path, error: OSError) -> Refusal:
    if error.errno == errno.ENOSPC:
        return Refusal(f"The disk of {path} is full; free some space or set MOBILITY_HOME to another disk.")
    return Refusal(
        f"The folder {path} cannot be written ({error.strerror}); set MOBILITY_HOME to a folder that you own."
    )


def find_home() -> Home:
    """The folder named by MOBILITY_HOME, else `var/` in the project. Relative paths start at the working folder."""
    named = os.environ.get("MOBILITY_HOME")
    return Home(Path(named).expanduser().absolute() if named else PROJECT_DIR / "var")
