"""The restore drill at full size: as many rows as the portal of ten cities and of the nation's tracts, and files."""

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

pytestmark = pytest.mark.slow
ROWS, FILES, FILE_BYTES = 700_000, 300, 300_000
RTO = 300.0  # seconds


def fill(home: Path) -> None:
    """A table of the size of all others together: 700,000 rows of some 300 bytes, 200 MB with their index."""
    services = ensure(Home(home), frozenset({"postgres"}))
    opened = psycopg2.connect(postgres.url(Home(home), services.servers["postgres"]["port"]))
    with opened, opened.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE drill AS SELECT n AS id, repeat(md5(n::text), 6) AS words, ARRAY[n / 7.0, n]::real[] AS v"
            " FROM generate_series(1, %s) n",
            [ROWS],
        )
        cursor.execute("ALTER TABLE drill ADD PRIMARY KEY (id)")
    opened.close()
    services.release()
    for number in range(FILES):
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


def test_a_full_portal_is_saved_and_comes_back_within_five_minutes(tmp_path: Path):
    with temporary_home() as home, temporary_home() as new:
        done(command(home, "seed"))
        key, backup = tmp_path / "key", tmp_path / "portal.tar.age"
        done(command(home, "backup_key", str(key)))
        fill(home)
        said = done(command(home, "backup", str(backup)))
        assert "restored into a scratch server and equal" in said
        assert "Equal by checksum" in done(command(home, "verify_backup", str(backup), "--identity", str(key)))

        begun = time.monotonic()
        said = done(command(home, "restore", str(backup), "--identity", str(key), "--into", str(new)))
        assert f"{FILES} files, equal by checksum" in said
        assert seconds(said) < RTO and time.monotonic() - begun < RTO
        assert (new / "secrets" / "secret_key").read_text() == (home / "secrets" / "secret_key").read_text()
        assert (new / "secrets" / "postgres_password").read_text() != (
            home / "secrets" / "postgres_password"
        ).read_text()
        before = {
            path.relative_to(home): path.read_bytes() for path in (home / "documents").rglob("*") if path.is_file()
        }
        after = {path.relative_to(new): path.read_bytes() for path in (new / "documents").rglob("*") if path.is_file()}
        assert before == after

        refused = command(home, "restore", str(backup), "--identity", str(key), "--into", str(new))
        assert refused.returncode == 2 and "is not empty" in refused.stderr
        replaced = done(command(new, "restore", str(backup), "--identity", str(key), "--replace", "--yes"))
        assert "before_restore" in replaced and seconds(replaced) < RTO
        assert done(command(new, "lost_secret_key")).startswith("Can't be read with this SECRET_KEY: 0 ")


def test_a_person_erased_since_a_backup_is_gone_after_its_restore(tmp_path: Path):
    """A new portal without figures: backup, erasure, restore over it."""
    make = "from engagements.models import User; User.objects.create_user('zelda@city.gov', 'x', name='Zelda Quux')"
    find = (
        "from engagements.models import User; "
        "print(list(User.objects.filter(email__contains='former').values_list('name')), "
        "User.objects.filter(email='zelda@city.gov').exists())"
    )
    with temporary_home() as home:
        done(command(home, "shell", "-c", make))
        key, backup = tmp_path / "key", tmp_path / "portal.tar.age"
        done(command(home, "backup_key", str(key)))
        done(command(home, "backup", str(backup)))
        done(command(home, "erase_person", "zelda@city.gov", "--confirm", "zelda@city.gov"))
        assert "[('Former member',)] False" in done(command(home, "shell", "-c", find))
        said = done(command(home, "restore", str(backup), "--identity", str(key), "--replace", "--yes"))
        assert "1 later deletions repeated" in said
        assert "[('Former member',)] False" in done(command(home, "shell", "-c", find))
