"""A backup file: one tar stream inside age encryption, so that `age -d -i KEY FILE | tar x` opens it too.

No compression around it: the dump is compressed, and a file that is as large as what it holds can't be a bomb.
"""

import hashlib
import os
import tarfile
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import pyrage

from mobility_portal.backup.keys import Identity, is_signed
from mobility_portal.backup.manifest import (
    MANIFEST,
    MOST_MANIFEST_BYTES,
    MOST_MEMBERS,
    SIGNATURE,
    Damaged,
    Manifest,
    Member,
    Source,
    check_name,
    compare_members,
)
from mobility_portal.embedded.refusal import Refusal

_CHUNK = 1 << 18
_SPARE_BYTES = 300_000_000  # left on the disk, whatever a file claims
TRUNCATED = "The backup is damaged, cut off, or not for this key: it can’t be opened."


class _Stream:
    """What is pulled out of a generator of bytes, as a file to read."""

    def __init__(self, chunks: Iterator[bytes]):
        self.chunks, self.rest = chunks, b""

    def read(self, size: int = -1) -> bytes:
        while not self.rest:
            try:
                self.rest = next(self.chunks)
            except StopIteration:
                return b""
        given, self.rest = (self.rest, b"") if size < 0 else (self.rest[:size], self.rest[size:])
        return given


def write_archive(
    out: BinaryIO,
    recipient: str,
    files: Iterable[tuple[str, Source]],
    describe: Callable[[list[Member]], tuple[bytes, bytes]],
    mtime: int,
) -> None:
    """Encrypt `files` (name in the archive, path), then what `describe` makes of their checksums: list and signature.

    A file that vanished since it was listed is left out. Raises OSError, also ENOSPC; Refusal when a file changes.
    """
    failures: list[BaseException] = []

    def chunks() -> Iterator[bytes]:
        try:
            yield from _tar_chunks(files, describe, mtime)
        except BaseException as error:  # the encryption hands on its text only: the caller gets the error itself
            failures.append(error)
            raise

    try:
        pyrage.encrypt_io(_Stream(chunks()), _Counted(out, failures), [pyrage.x25519.Recipient.from_str(recipient)])
    except BaseException:
        if failures:
            raise failures[0] from None
        raise


class _Counted:
    """Keeps the error of a write, which encryption turns into words."""

    def __init__(self, out: BinaryIO, failures: list[BaseException]):
        self.out, self.failures = out, failures

    def write(self, content: bytes) -> int:
        try:
            return self.out.write(content)
        except OSError as error:
            self.failures.append(error)
            raise

    def flush(self) -> None:
        self.out.flush()


def _tar_chunks(
    files: Iterable[tuple[str, Source]], describe: Callable[[list[Member]], tuple[bytes, bytes]], mtime: int
) -> Iterator[bytes]:
    members: list[Member] = []
    for name, source in files:
        try:
            check_name(name)
        except Damaged as error:
            raise Refusal(f"{name!r} has a name that can’t be saved; rename or remove this file.") from error
        try:
            file = source.open("rb")
        except FileNotFoundError:
            continue  # deleted since the folder was listed
        with file:
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            yield _header(name, size, mtime)
            digest, left = hashlib.sha256(), size
            while left:
                chunk = file.read(min(_CHUNK, left))
                if not chunk:
                    raise Refusal(f"{name} became shorter while it was saved; run the backup again.")
                digest.update(chunk)
                left -= len(chunk)
                yield chunk
            yield _padding(size)
        members.append(Member(name, size, digest.hexdigest()))
    for name, content in zip((MANIFEST, SIGNATURE), describe(members), strict=True):
        yield _header(name, len(content), mtime)
        yield content
        yield _padding(len(content))
    yield bytes(2 * tarfile.BLOCKSIZE)


def _header(name: str, size: int, mtime: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, mtime
    return info.tobuf(tarfile.PAX_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % tarfile.BLOCKSIZE)


def read_archive(path: Path, identity: Identity, into: Path, *, trust_unsigned: bool = False) -> Manifest:
    """Decrypt into the empty folder `into` and check everything. Raises Refusal; the caller deletes `into`.

    Nothing of it may be used before this returns: names, sizes, kinds, checksums and the signature are looked at here.
    """
    if identity.signer is None and not trust_unsigned:
        raise Refusal(
            "The key file does not say whose backups to believe (it has no line “# signed by:”). With --unsigned any "
            "file for this key is restored, and a file made by somebody else could run programs on this machine."
        )
    try:
        source = path.open("rb")
    except OSError as error:
        raise Refusal(f"{path} cannot be read ({error.strerror}).") from error
    reading, writing = os.pipe()
    outcome: list[BaseException] = []

    def decrypt() -> None:
        try:
            with os.fdopen(writing, "wb") as pipe:
                pyrage.decrypt_io(source, pipe, [identity.secret])
        except BaseException as error:
            outcome.append(error)

    worker = threading.Thread(target=decrypt, daemon=True)
    worker.start()
    try:
        with os.fdopen(reading, "rb") as pipe:
            found = _extract(pipe, into)
            while rest := pipe.read(_CHUNK):
                if rest.strip(b"\0"):
                    raise Damaged("There is something behind the end of the backup: it was changed.")
        worker.join()
        if outcome:
            raise Damaged(TRUNCATED)
        return _checked(into, found, identity, trust_unsigned)
    except (Damaged, tarfile.TarError, EOFError) as error:
        worker.join()
        if any(isinstance(one, pyrage.DecryptError) for one in outcome) or not isinstance(error, Damaged):
            raise Refusal(TRUNCATED) from error
        raise Refusal(str(error)) from error
    finally:
        source.close()


def _checked(into: Path, found: dict[str, Member], identity: Identity, trust_unsigned: bool) -> Manifest:
    if MANIFEST not in found or SIGNATURE not in found:
        raise Damaged("The backup has no list of its contents: it is cut off, or no backup of the portal.")
    if found[MANIFEST].size > MOST_MANIFEST_BYTES:
        raise Damaged("The list of contents is too long for a backup.")
    content = (into / MANIFEST).read_bytes()
    if identity.signer is not None and not trust_unsigned:
        if not is_signed(identity.signer, (into / SIGNATURE).read_bytes()[:64], content):
            raise Damaged("This backup was not made by the portal of this key: it is not restored.")
    manifest = Manifest.of_bytes(content)
    compare_members(manifest, found)
    return manifest


def _extract(pipe: BinaryIO, into: Path) -> dict[str, Member]:
    found: dict[str, Member] = {}
    with tarfile.open(fileobj=pipe, mode="r|") as archive:
        for info in archive:
            name = check_name(info.name)
            if not info.isreg() or info.issparse():
                raise Damaged("The file holds a link or a device, which no backup does: nothing of it was used.")
            if name in found or len(found) >= MOST_MEMBERS:
                raise Damaged("The file holds a name twice, or too many: nothing of it was used.")
            _check_space(into, info.size)
            target = into / name
            try:
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            except (FileExistsError, NotADirectoryError) as error:
                raise Damaged("The file holds a folder that is a file too: nothing of it was used.") from error
            content = archive.extractfile(info)
            assert content is not None, "a regular file has content"
            digest = hashlib.sha256()
            with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                while chunk := content.read(_CHUNK):
                    digest.update(chunk)
                    out.write(chunk)
            found[name] = Member(name, info.size, digest.hexdigest())
            archive.members = []  # type: ignore[attr-defined] # a stream need not remember a million names
    return found


def _check_space(folder: Path, size: int) -> None:
    state = os.statvfs(folder)
    if size < 0 or size > state.f_bavail * state.f_frsize - _SPARE_BYTES:
        raise Refusal(f"The disk of {folder.parent} has no room for this backup; free some space first.")
