"""A backup's file: what was put in comes out, the standard program opens it, and whatever else comes is refused."""

import base64
import hashlib
import io
import shutil
import subprocess
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mobility_portal.backup.archive import read_archive, write_archive
from mobility_portal.backup.keys import Identity, make_key, read_identity, read_recipient
from mobility_portal.backup.manifest import (
    DUMP,
    MANIFEST,
    SIGNATURE,
    Damaged,
    Manifest,
    Member,
    Table,
    check_name,
    differing_tables,
)
from mobility_portal.embedded.home import Home
from mobility_portal.embedded.refusal import Refusal

SECRET = pyrage.x25519.Identity.generate()
SIGNER = Ed25519PrivateKey.generate()
IDENTITY = Identity(SECRET, SIGNER.public_key())
RECIPIENT = str(SECRET.to_public())
NAMES = {DUMP: b"a dump" * 100_000, "documents/ab/abc": b"a document", "media/empty": b"", "secrets/secret_key": b"k"}


def list_of(members: list[Member]) -> bytes:
    return Manifest("2026-11-30T00:00:00+00:00", "b", "18.6", {}, members, [Table("t", 1, "1:2")]).to_bytes()


def describe(members: list[Member], signer: Ed25519PrivateKey = SIGNER) -> tuple[bytes, bytes]:
    content = list_of(members)
    return content, signer.sign(content)


def made(folder: Path, **changed) -> Path:
    files = []
    for name, content in NAMES.items():
        path = folder / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        files.append((name, path))
    target = folder / "portal.tar.age"
    with target.open("wb") as out:
        write_archive(out, RECIPIENT, files, changed.get("describe", describe), 0)
    return target


def opened(path: Path, folder: Path, **options) -> Manifest:
    into = folder / "out"
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir()
    return read_archive(path, options.pop("identity", IDENTITY), into, **options)


def crafted(folder: Path, members: list[tarfile.TarInfo | tuple[str, bytes]], tail: bytes = b"") -> Path:
    """A file for our recipient by somebody who knows the format: a list and a signature of ours are added."""
    plain, listed = io.BytesIO(), []
    with tarfile.open(fileobj=plain, mode="w") as archive:
        for one in members:
            if isinstance(one, tarfile.TarInfo):
                archive.addfile(one, io.BytesIO(bytes(one.size)) if one.isreg() else None)
                continue
            name, content = one
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
            listed.append(Member(name, len(content), hashlib.sha256(content).hexdigest()))
        for name, content in zip((MANIFEST, SIGNATURE), describe(listed), strict=True):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    path = folder / "crafted.tar.age"
    path.write_bytes(pyrage.encrypt(plain.getvalue() + tail, [SECRET.to_public()]))
    return path


def test_what_went_in_comes_out_and_is_listed(tmp_path: Path):
    manifest = opened(made(tmp_path), tmp_path)
    assert {member.name: member.size for member in manifest.members} == {n: len(c) for n, c in NAMES.items()}
    for name, content in NAMES.items():
        assert (tmp_path / "out" / name).read_bytes() == content
        assert (tmp_path / "out" / name).stat().st_mode & 0o777 == 0o600
    assert (manifest.secrets, manifest.file_count, manifest.row_count) == (["secret_key"], 2, 1)


def test_it_is_an_ordinary_age_file_with_an_ordinary_tar(tmp_path: Path):
    plain = pyrage.decrypt(made(tmp_path).read_bytes(), [SECRET])
    with tarfile.open(fileobj=io.BytesIO(plain)) as archive:
        assert archive.getnames() == [*NAMES, MANIFEST, SIGNATURE]
    if program := shutil.which("age"):  # Debian's own, where it is installed
        key = tmp_path / "key"
        key.write_text(str(SECRET))
        out = subprocess.run([program, "-d", "-i", key, tmp_path / "portal.tar.age"], capture_output=True, check=True)
        assert out.stdout == plain


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.999])
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, share: float):
    path = made(tmp_path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(Refusal):
        opened(path, tmp_path)


@pytest.mark.parametrize("place", [5, 60, 200, 1000, 300_000, -1])
def test_a_changed_byte_is_refused(tmp_path: Path, place: int):
    path = made(tmp_path)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(Refusal):
        opened(path, tmp_path)


def test_another_key_opens_nothing_and_says_so(tmp_path: Path):
    other = Identity(pyrage.x25519.Identity.generate(), SIGNER.public_key())
    with pytest.raises(Refusal, match="not for this key"):
        opened(made(tmp_path), tmp_path, identity=other)
    foreign = tmp_path / "foreign"
    foreign.write_bytes(b"PK\x03\x04 something else" * 1000)
    with pytest.raises(Refusal):
        opened(foreign, tmp_path)


def test_a_file_for_the_right_key_by_somebody_else_is_refused(tmp_path: Path):
    """Everybody may know the recipient; a dump runs statements where it is restored."""
    forged = made(tmp_path, describe=lambda members: describe(members, Ed25519PrivateKey.generate()))
    with pytest.raises(Refusal, match="not made by the portal"):
        opened(forged, tmp_path)
    without = Identity(SECRET, None)
    with pytest.raises(Refusal, match="--unsigned"):
        opened(forged, tmp_path, identity=without)
    assert opened(forged, tmp_path, identity=without, trust_unsigned=True).row_count == 1


def link(name: str, kind: bytes, target: str = "/etc/passwd") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def sized(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size = size
    return info


HOSTILE = {
    "parent": [("documents/../../escaped", b"x")],
    "absolute": [("/etc/escaped", b"x")],
    "unknown folder": [("postgres/data/PG_VERSION", b"x")],
    "unknown secret": [("secrets/postgres_password", b"x")],
    "control character": [("documents/a\nb", b"x")],
    "symbolic link": [link("documents/a", tarfile.SYMTYPE)],
    "hard link": [link("documents/a", tarfile.LNKTYPE)],
    "device": [link("documents/a", tarfile.CHRTYPE)],
    "folder": [link("documents", tarfile.DIRTYPE)],
    "twice": [("documents/a", b"x"), ("documents/a", b"y")],
    "a folder that is a file": [("documents/a", b"x"), ("documents/a/b", b"y")],
}


@pytest.mark.parametrize("members", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_archive_writes_nothing_outside_and_is_refused(tmp_path: Path, members: list):
    path = crafted(tmp_path, members)
    before = {entry for entry in tmp_path.rglob("*") if not entry.is_relative_to(tmp_path / "out")}
    with pytest.raises(Refusal):
        opened(path, tmp_path)
    after = {entry for entry in tmp_path.rglob("*") if not entry.is_relative_to(tmp_path / "out")}
    assert after == before and not any(entry.is_symlink() for entry in (tmp_path / "out").rglob("*"))


def test_a_bomb_is_refused_before_it_is_written(tmp_path: Path, monkeypatch):
    """A header that claims an exabyte; the archive itself is not compressed, so nothing swells."""
    header = sized("documents/a", 1 << 60).tobuf(tarfile.PAX_FORMAT)
    path = tmp_path / "bomb"
    path.write_bytes(pyrage.encrypt(header + bytes(10_240), [SECRET.to_public()]))
    with pytest.raises(Refusal, match="no room"):
        opened(path, tmp_path)


def test_something_behind_the_end_or_missing_from_the_list_is_refused(tmp_path: Path):
    with pytest.raises(Refusal, match="behind the end"):
        opened(crafted(tmp_path, [("documents/a", b"x")], tail=b"more" * 5000), tmp_path)
    with pytest.raises(Refusal, match="not those of its list"):
        opened(made(tmp_path, describe=lambda members: describe(members[1:])), tmp_path)
    with pytest.raises(Refusal, match="not as it was saved"):
        wrong = [Member(DUMP, len(NAMES[DUMP]), "0" * 64)]
        opened(made(tmp_path, describe=lambda members: describe(wrong + members[1:])), tmp_path)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"not json", b'{"format": "other"}', b"[" * 100_000])
def test_a_list_that_is_none_is_refused(content: bytes):
    with pytest.raises(Damaged):
        Manifest.of_bytes(content)


def test_a_failing_disk_comes_out_as_itself(tmp_path: Path):
    class Full(io.BytesIO):
        def write(self, content):
            raise OSError(28, "No space left on device")

    path = tmp_path / "document"
    path.write_bytes(b"x" * 1_000_000)
    with pytest.raises(OSError) as raised:
        write_archive(Full(), RECIPIENT, [("documents/a", path)], describe, 0)
    assert raised.value.errno == 28


def test_a_file_whose_name_no_restore_would_take_is_named(tmp_path: Path):
    path = tmp_path / "document"
    path.write_bytes(b"x")
    with pytest.raises(Refusal, match="odd"):
        write_archive(io.BytesIO(), RECIPIENT, [("media/odd\nname", path)], describe, 0)


def test_a_name_of_documents_and_nothing_else():
    assert check_name("documents/ab/0123abcd") and check_name("secrets/secret_key") and check_name(DUMP)
    for name in ("", "documents", "documents/", "documents//a", "documents/.hidden", "a\\b", "secrets/a/b", "../x"):
        with pytest.raises(Damaged):
            check_name(name)


def test_tables_that_differ_are_named():
    one, two, other = Table("a", 1, "1:1"), Table("b", 2, "2:2"), Table("b", 2, "2:3")
    assert differing_tables([one, two], [two, one]) == []
    assert differing_tables([one, two], [one, other]) == ["b"]
    assert differing_tables([one], [one, two]) == differing_tables([one, two], [one]) == ["b"]


def test_the_operator_keeps_the_private_half_and_the_portal_the_public_one(tmp_path: Path):
    home = Home(tmp_path / "home")
    home.prepare()
    file = tmp_path / "key.txt"
    recipient = make_key(home, file, datetime(2026, 11, 30, tzinfo=UTC))
    assert file.stat().st_mode & 0o777 == 0o600
    assert read_recipient(home) == recipient and recipient.startswith("age1")
    assert not any("AGE-SECRET-KEY" in path.read_text() for path in home.secrets.iterdir())
    identity = read_identity(file)
    assert str(identity.secret.to_public()) == recipient and identity.signer is not None
    with pytest.raises(Refusal, match="has a key"):
        make_key(home, tmp_path / "second.txt", datetime(2026, 11, 30, tzinfo=UTC))
    with pytest.raises(Refusal, match="outside"):
        make_key(home, home.secrets / "key.txt", datetime(2026, 11, 30, tzinfo=UTC), replace=True)
    with pytest.raises(Refusal, match="exists already"):
        make_key(home, file, datetime(2026, 11, 30, tzinfo=UTC), replace=True)
    assert read_recipient(home) == recipient
    signer = identity.signer.public_bytes_raw()
    assert base64.b64encode(signer).decode() in file.read_text()


@pytest.mark.parametrize("content", ["", "AGE-SECRET-KEY-1ABC", "ssh-rsa AAAA", "two\nlines", "\x00"])
def test_a_key_file_that_is_none_is_refused_without_its_content(tmp_path: Path, content: str):
    path = tmp_path / "key"
    path.write_text(content)
    with pytest.raises(Refusal) as refused:
        read_identity(path)
    assert "ABC" not in str(refused.value)
    with pytest.raises(Refusal):
        read_identity(tmp_path / "missing")
