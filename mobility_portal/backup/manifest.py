"""What is in a backup, with a checksum of each part. Pure: no Django, no database."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO, Literal, Protocol

FORMAT, VERSION = "mobility-portal-backup", 1
MANIFEST, SIGNATURE, DUMP = "manifest.json", "manifest.sig", "database.dump"
FOLDERS = ("documents", "media")  # documents: also the reports and exports the worker makes
SECRETS = "secrets"
KNOWN_SECRETS = ("secret_key", "backup_recipient", "backup_signing_key")
MOST_MEMBERS = 5_000_000
MOST_MANIFEST_BYTES = 1_000_000_000
_PART = re.compile(r"[0-9A-Za-z][0-9A-Za-z._ -]{0,120}")


class Source(Protocol):
    """A file to save: a path, or a name in the bucket. Raises FileNotFoundError when it is gone."""

    def open(self, mode: Literal["rb"], /) -> BinaryIO: ...


class Damaged(Exception):
    """The file is no backup, or not the one that was made: the text is one sentence."""


@dataclass(frozen=True)
class Member:
    """A file of the archive."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Table:
    """`checksum`: of all rows, whatever their order; see `tables.checksum_of`."""

    name: str
    rows: int
    checksum: str


@dataclass(frozen=True)
class Manifest:
    made_at: str  # ISO 8601, the moment of the snapshot
    build: str
    postgres: str
    migrations: Mapping[str, list[str]]  # app -> names, as applied
    members: list[Member]
    tables: list[Table]
    extra: Mapping[str, Any] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        return json.dumps({"format": FORMAT, "version": VERSION, **asdict(self)}, indent=1, sort_keys=True).encode()

    @classmethod
    def of_bytes(cls, content: bytes) -> "Manifest":
        """Raises Damaged."""
        try:
            kept = json.loads(content)
            if kept.pop("format") != FORMAT:
                raise Damaged("This is no backup of the portal.")
            if kept.pop("version") != VERSION:
                raise Damaged("This backup was made by a newer portal: restore it with that release.")
            kept["members"] = [Member(**one) for one in kept["members"]]
            kept["tables"] = [Table(**one) for one in kept["tables"]]
            return cls(**kept)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise Damaged("The list of contents can’t be read: the file is damaged.") from error

    @property
    def secrets(self) -> list[str]:
        """Names of the secrets it holds."""
        return [member.name.partition("/")[2] for member in self.members if member.name.startswith(f"{SECRETS}/")]

    @property
    def row_count(self) -> int:
        return sum(table.rows for table in self.tables)

    @property
    def file_count(self) -> int:
        return sum(member.name.partition("/")[0] in FOLDERS for member in self.members)


def check_name(name: str) -> str:
    """A member's name that may be written below a folder of ours. Raises Damaged for every other."""
    if name in (MANIFEST, SIGNATURE, DUMP):
        return name
    first, *rest = name.split("/")
    if first == SECRETS and len(rest) == 1 and rest[0] in KNOWN_SECRETS:
        return name
    if (
        first in FOLDERS
        and rest
        and len(rest) <= 8
        and all(_PART.fullmatch(part) and ".." not in part for part in rest)
    ):
        return name
    raise Damaged("The file holds a name that no backup has: nothing of it was used.")


def compare_members(manifest: Manifest, found: Mapping[str, Member]) -> None:
    """What came out of the archive is exactly what the list says. Raises Damaged."""
    wanted = {member.name: member for member in manifest.members}
    if len(wanted) != len(manifest.members) or wanted.keys() != found.keys() - {MANIFEST, SIGNATURE}:
        raise Damaged("The files of the backup are not those of its list: it is damaged or was changed.")
    for name, member in wanted.items():
        if found[name] != member:
            raise Damaged(f"{name} is not as it was saved: the backup is damaged or was changed.")


def differing_tables(wanted: list[Table], found: list[Table]) -> list[str]:
    """Names of tables that are missing, too many or not equal."""
    before, after = ({table.name: table for table in tables} for tables in (wanted, found))
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
