"""The restore drill: small every day, and with as many rows and files as the portal of ten cities has."""

import os
import re
import time
from pathlib import Path

import psycopg2
import pytest

from mobility_portal.embedded import postgres
from mobility_portal.embedded.home import Home
from mobility_portal.embedded.services import ensure
from tests.runtime.places import manage, temporary_home

FILE_BYTES = 300_000
RTO = 300.0  # seconds


def fill(home: Path, rows: int, files: int) -> None:
    """A table of its own: 700,000 rows are as large as all others together, 200 MB with their index."""
    services = ensure(Home(home), frozenset({"postgres"}))
    opened = psycopg2.connect(postgres.url(Home(home), services.servers["postgres"]["port"]))
    with opened, opened.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE drill AS SELECT n AS id, repeat(md5(n::text), 6) AS words, ARRAY[n / 7.0, n]::real[] AS v"
            " FROM generate_series(1, %s) n",
            [rows],
        )
        cursor.execute("ALTER TABLE drill ADD PRIMARY KEY (id)")
    opened.close()
    services.release()
    for number in range(files):
        path = home / "documents" / f"{number % 16:02x}" / f"{number:032x}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(FILE_BYTES))


def files_of(home: Path) -> dict[Path, bytes]:
    found = (home / "documents").rglob("*")
    return {path.relative_to(home): path.read_bytes() for path in found if path.is_file()}


def seconds(said: str) -> float:
    found = re.search(r"([0-9.]+) s\.$", said, re.MULTILINE)
    assert found, said
    return float(found.group(1))


def command(home: Path, *arguments: str):
    return manage(home, *arguments, timeout=RTO)


def done(result) -> str:
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def save_and_restore(home: Path, new: Path, folder: Path, rows: int, files: int) -> tuple[Path, Path]:
    """(backup, key file) of a portal that came back in `new`, equal, within the promised time."""
    done(command(home, "seed"))
    key, backup = folder / "key", folder / "portal.tar.age"
    done(command(home, "backup_key", str(key)))
    fill(home, rows, files)
    assert "restored into a scratch server and equal" in done(command(home, "backup", str(backup)))

    begun = time.monotonic()
    said = done(command(home, "restore", str(backup), "--identity", str(key), "--into", str(new)))
    assert f"{files} files, equal by checksum" in said
    assert seconds(said) < RTO and time.monotonic() - begun < RTO
    assert files_of(home) == files_of(new)
    secret, password = Path("secrets", "secret_key"), Path("secrets", "postgres_password")
    assert (new / secret).read_text() == (home / secret).read_text()
    assert (new / password).read_text() != (home / password).read_text()
    return backup, key


def test_a_small_portal_is_saved_and_comes_back(tmp_path: Path):
    with temporary_home() as home, temporary_home() as new:
        backup, key = save_and_restore(home, new, tmp_path, rows=1_000, files=3)
        refused = command(home, "restore", str(backup), "--identity", str(key), "--into", str(new))
        assert refused.returncode == 2 and "is not empty" in refused.stderr


@pytest.mark.slow
def test_a_full_portal_comes_back_within_five_minutes_and_again_over_itself(tmp_path: Path):
    with temporary_home() as home, temporary_home() as new:
        backup, key = save_and_restore(home, new, tmp_path, rows=700_000, files=300)
        assert "Equal by checksum" in done(command(home, "verify_backup", str(backup), "--identity", str(key)))
        replaced = done(command(new, "restore", str(backup), "--identity", str(key), "--replace", "--yes"))
        assert "before_restore" in replaced and seconds(replaced) < RTO
        assert done(command(new, "lost_secret_key")).startswith("Can't be read with this SECRET_KEY: 0 ")


@pytest.mark.slow
def test_a_person_erased_since_a_backup_is_gone_after_its_restore(tmp_path: Path):
    """A new portal without figures: backup, erasure, restore over it."""
    make = "from engagements.models import User; User.objects.create_user('zelda@city.gov', 'x', name='Zelda Quux')"
    find = (
        "from engagements.models import User; "
        "print(list(User.objects.filter(email__contains='former').values_list('name')), "
        "User.objects.filter(email='zelda@city.gov').exists())"
    )
    with temporary_home() as home:
        done(command(home, "seed"))
        done(command(home, "shell", "-c", make))
        key, backup = tmp_path / "key", tmp_path / "portal.tar.age"
        done(command(home, "backup_key", str(key)))
        done(command(home, "backup", str(backup)))
        done(command(home, "erase_person", "zelda@city.gov", "--confirm", "zelda@city.gov"))
        assert "[('Former member',)] False" in done(command(home, "shell", "-c", find))
        said = done(command(home, "restore", str(backup), "--identity", str(key), "--replace", "--yes"))
        assert "1 later deletions repeated" in said
        assert "[('Former member',)] False" in done(command(home, "shell", "-c", find))
