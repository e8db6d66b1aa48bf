"""One file over a network that does everything wrong, with a server of our own on this machine."""

import errno
import hashlib
import json
import time
from collections import namedtuple
from pathlib import Path

import pytest

from atlas.fetching import session, transfer
from atlas.fetching.download_records import part_path, record_path
from atlas.fetching.errors import DiskFullError, FetchError
from atlas.fetching.fetch import ATTEMPTS, FetchResult, fetch_all
from tests.factories.publisher import download

BODY = b"tract,value\n" + b"".join(b"26163%06d,%d\n" % (i, i * 7) for i in range(60_000))


def fetch(folder: Path, *wanted, mirrors=(), progress=lambda *a: None) -> FetchResult:
    (found,) = fetch_all(wanted, folder, tuple(mirrors), progress, pause=lambda seconds: None)
    return found


def test_a_file_arrives_whole_with_its_checksum_and_its_progress(server, tmp_path):
    address, steps = server.put("/a/table.csv", BODY), []
    found = fetch(tmp_path, download(address), progress=lambda which, done, total: steps.append((done, total)))
    assert (found.outcome, found.address, found.size) == ("fetched", address, len(BODY))
    assert (tmp_path / "table.csv").read_bytes() == BODY
    assert found.sha256 == hashlib.sha256(BODY).hexdigest()
    assert json.loads(record_path(tmp_path / "table.csv").read_text())["sha256"] == found.sha256
    assert steps[-1] == (len(BODY), len(BODY)) and steps == sorted(steps)
    assert {path.name for path in tmp_path.iterdir()} == {"table.csv", ".table.csv.json", ".lock"}


def test_what_is_current_is_not_sent_again(server, tmp_path):
    address = server.put("/table.csv", BODY)
    fetch(tmp_path, download(address))
    before = (tmp_path / "table.csv").stat().st_mtime_ns
    assert fetch(tmp_path, download(address)).outcome == "unchanged"
    assert (tmp_path / "table.csv").stat().st_mtime_ns == before
    server.files["/table.csv"] = BODY + b"1,2\n"
    assert fetch(tmp_path, download(address)).outcome == "fetched"
    assert (tmp_path / "table.csv").read_bytes().endswith(b"1,2\n")


def test_a_file_damaged_on_disk_is_fetched_anew(server, tmp_path):
    address = server.put("/table.csv", BODY)
    fetch(tmp_path, download(address))
    (tmp_path / "table.csv").write_bytes(BODY[:-1] + b"!")
    assert fetch(tmp_path, download(address)).outcome == "fetched"
    assert (tmp_path / "table.csv").read_bytes() == BODY


def test_a_cut_connection_is_resumed_where_it_ended(server, tmp_path):
    found = fetch(tmp_path, download(server.put("/table.csv", BODY, "cut")))
    assert found.outcome == "fetched" and (tmp_path / "table.csv").read_bytes() == BODY
    first, second = server.gets("/table.csv")
    assert "Range" not in first
    assert second["Range"] == f"bytes={len(BODY) // 2}-" and second["If-Range"].startswith('"')


def test_a_killed_fetch_is_resumed_by_the_next(server, tmp_path):
    wanted = download(server.put("/table.csv", BODY, *["cut", "error", "error", "error", "error"]))
    assert fetch(tmp_path, wanted).outcome == "failed"
    assert part_path(tmp_path / "table.csv").stat().st_size == len(BODY) // 2
    assert not (tmp_path / "table.csv").exists()
    assert fetch(tmp_path, wanted).outcome == "fetched"
    assert server.gets("/table.csv")[-1]["Range"] == f"bytes={len(BODY) // 2}-"
    assert (tmp_path / "table.csv").read_bytes() == BODY


def test_a_file_that_changed_meanwhile_is_not_glued_together(server, tmp_path):
    wanted = download(server.put("/table.csv", BODY, *["cut", "error", "error", "error", "error"]))
    fetch(tmp_path, wanted)
    server.files["/table.csv"] = BODY.upper()
    assert fetch(tmp_path, wanted).outcome == "fetched"
    assert (tmp_path / "table.csv").read_bytes() == BODY.upper()


@pytest.mark.parametrize("trick", ["ignores_range", "wrong_part"])
def test_servers_that_misread_ranges_do_no_harm(server, tmp_path, trick):
    found = fetch(tmp_path, download(server.put("/table.csv", BODY, "cut", trick)))
    assert (found.outcome == "fetched") == (trick == "ignores_range")
    if found.succeeded:
        assert (tmp_path / "table.csv").read_bytes() == BODY
    else:
        assert "another part" in found.reason


@pytest.mark.parametrize("trick", ["error", "busy"])
def test_an_error_of_the_server_is_tried_again_after_growing_pauses(server, tmp_path, trick):
    pauses = []
    (found,) = fetch_all((download(server.put("/t.csv", BODY, trick, trick)),), tmp_path, pause=pauses.append)
    assert found.outcome == "fetched" and pauses == [0.5, 1.0]


def test_trying_again_ends(server, tmp_path):
    found = fetch(tmp_path, download(server.put("/t.csv", BODY, *["error"] * 50)))
    assert "500" in found.reason and len(server.gets("/t.csv")) == ATTEMPTS


def test_a_server_that_falls_silent_is_left(server, tmp_path, monkeypatch):
    monkeypatch.setattr(session, "READ_SECONDS", 0.2)
    wanted = download(server.put("/hangs.csv", BODY, *["hang"] * 9), server.put("/t.csv", BODY))
    assert fetch(tmp_path, wanted).address.endswith("/t.csv")


def test_a_file_that_drips_is_left(server, tmp_path, monkeypatch):
    monkeypatch.setattr(transfer, "STALL_SECONDS", 0.1)
    assert "too slowly" in fetch(tmp_path, download(server.put("/t.csv", BODY, *["drip"] * 9))).reason


@pytest.mark.parametrize(
    ("trick", "words"),
    [
        ("page", "a web page came instead of the file"),
        ("elsewhere", "redirects to http://other.example.org"),
        ("private", "lies in a private network"),
        ("round", "redirects more than 5 times"),
        ("huge", "at most 3 are taken"),
        ("endless", "more than 3 MB"),
    ],
)
def test_what_is_not_taken_is_said_and_the_next_address_asked(server, tmp_path, trick, words):
    bad, good = server.put("/bad.csv", BODY, trick), server.put("/good.csv", BODY)
    assert fetch(tmp_path, download(bad, good)).address == good
    server.scripted["/bad.csv"] = [trick]
    other = tmp_path / "other"
    alone = fetch(other, download(bad))
    assert alone.outcome == "failed" and words in alone.reason, alone.reason
    assert not (other / "table.csv").exists()


def test_a_redirect_on_the_same_host_is_followed(server, tmp_path):
    address = server.put("/t.csv", BODY, "here")
    server.put("/moved/t.csv", BODY)
    assert fetch(tmp_path, download(address)).outcome == "fetched"


def test_a_promise_of_more_bytes_than_come_is_never_a_whole_file(server, tmp_path):
    assert fetch(tmp_path, download(server.put("/t.csv", BODY, *["short"] * 40))).outcome == "failed"
    assert not (tmp_path / "table.csv").exists()


@pytest.mark.parametrize("more", [{"sha256": "0" * 64}, {}])
def test_checksums_that_differ_are_refused(server, tmp_path, more):
    tricks = [] if more else ["digest"] * ATTEMPTS
    found = fetch(tmp_path, download(server.put("/t.csv", BODY, *tricks), **more))
    assert "checksum" in found.reason and not (tmp_path / "table.csv").exists()


def test_other_bytes_under_a_known_tag_are_refused(server, tmp_path):
    wanted = download(server.put("/t.csv", BODY))
    assert fetch(tmp_path, wanted).outcome == "fetched"
    server.scripted["/t.csv"] = ["changed"] * ATTEMPTS
    assert "checksum" in fetch(tmp_path, wanted).reason
    assert (tmp_path / "table.csv").read_bytes() == BODY, "what was there stays"


def test_an_archive_that_is_none_is_refused(server, tmp_path):
    wanted = download(server.put("/map.zip", BODY), file_name="map.zip")
    assert "not a .zip" in fetch(tmp_path, wanted).reason
    cut = download(server.put("/cut.zip", b"PK\x03\x04" + BODY), file_name="map.zip")
    assert "cut short" in fetch(tmp_path, cut).reason


def test_mirrors_come_first_by_path_or_flat(server, tmp_path):
    wanted = download("http://127.0.0.1:9/2018/10/table.csv")
    server.put("/flat/table.csv", BODY)
    assert fetch(tmp_path, wanted, mirrors=[f"{server.address}/flat/"]).address.endswith("/flat/table.csv")
    server.put("/base/2018/10/table.csv", BODY)
    assert fetch(tmp_path, wanted, mirrors=[f"{server.address}/base"]).address.endswith("/base/2018/10/table.csv")


@pytest.mark.parametrize("address", ["ftp://127.0.0.1/a", "file:///etc/passwd", "http://a:b@127.0.0.1/a", "nonsense"])
def test_other_kinds_of_addresses_are_refused(tmp_path, server, address):
    with pytest.raises(FetchError):
        fetch(tmp_path, download(server.put("/t.csv", BODY)), mirrors=[address])


def test_a_full_disk_ends_everything_in_one_sentence(server, tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    wanted = download(server.put("/t.csv", BODY), server.put("/u.csv", BODY))
    with monkeypatch.context() as patch:
        patch.setattr("shutil.disk_usage", lambda path: usage(100, 100, 10))
        with pytest.raises(DiskFullError, match=r"^The disk is full; free some space[^\n]*\.$"):
            fetch(tmp_path, wanted)

    def full(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(transfer, "_check_first_bytes", full)
        with pytest.raises(DiskFullError):
            fetch(tmp_path, wanted)
    assert not part_path(tmp_path / "table.csv").exists(), "what can't be used gives its room back"


def test_one_file_that_fails_keeps_no_other_from_coming(server, tmp_path):
    wanted = (download(f"{server.address}/none.csv", name="none"), download(server.put("/t.csv", BODY)))
    outcomes = [found.outcome for found in fetch_all(wanted, tmp_path, pause=time.sleep)]
    assert outcomes == ["failed", "fetched"]
