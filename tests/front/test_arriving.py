"""When a request is whole, by its bytes: the same answer however they are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mobility_portal.front import limits
from mobility_portal.front.arriving import Arriving, Stage
from mobility_portal.front.lanes import is_heavy
from mobility_portal.front.leaving import Leaving
from mobility_portal.front.room import Room
from mobility_portal.front.turns import BATCH, MOST, Turns

GET = b"GET /a%2Fb?c=%20 HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /echo HTTP/1.1\r\nHost: a\r\ncontent-length:  5 \r\n\r\nhello"


@given(request=st.sampled_from([GET, POST]), cuts=st.lists(st.integers(0, len(POST)), max_size=6))
def test_the_same_however_it_is_cut(request, cuts):
    arriving, places = Arriving(), [0, *sorted(cuts), len(request) + 4]
    sent = request + b"next"
    for start, end in zip(places, places[1:], strict=False):
        arriving.feed(sent[start:end])
    assert arriving.stage is Stage.WHOLE
    found = b""
    while data := arriving.read(7):
        found += data
    assert found == request
    assert arriving.surplus == b"next"
    arriving.close()


def test_it_is_not_whole_before_its_last_byte():
    for request in (GET, POST):
        arriving = Arriving()
        arriving.feed(request[:-1])
        assert arriving.stage in (Stage.HEAD, Stage.BODY)
        arriving.close()


@pytest.mark.parametrize(
    ("head", "stage"),
    [
        (b"Content-Length: 0", Stage.WHOLE),
        (b"Content-Length: +5", Stage.WHOLE),  # gunicorn refuses it
        (b"Content-Length: 5\r\nContent-Length: 5", Stage.WHOLE),  # likewise
        (b"X-Content-Length: 5", Stage.WHOLE),
        (b"Content-Length: 5", Stage.BODY),
        (b"Transfer-Encoding: chunked", Stage.STREAMED),
        (b"Content-Length: %d" % (limits.WAITING_BODY + 1), Stage.STREAMED),
        (b"Content-Length: %d" % (limits.LARGEST_BODY + 1), Stage.BODY_TOO_LARGE),
        (b"X-Long: " + b"x" * limits.HEAD_BYTES, Stage.HEAD_TOO_LARGE),
    ],
)
def test_what_its_head_says_of_its_body(head, stage):
    arriving = Arriving()
    arriving.feed(b"POST / HTTP/1.1\r\nHost: a\r\n" + head + b"\r\n\r\n")
    assert arriving.stage is stage
    arriving.close()


@pytest.mark.parametrize(
    ("line", "path"),
    [
        (b"GET /a%72eas/x?y=/z HTTP/1.1", b"/areas/x"),
        (b"GET http://host:1/areas/ HTTP/1.1", b"/areas/"),
        (b"nonsense", b""),
    ],
)
def test_the_path_decides_on_the_lane(line, path):
    arriving = Arriving()
    arriving.feed(line + b"\r\n\r\n")
    assert arriving.path == path


@pytest.mark.parametrize(
    ("path", "heavy"),
    [
        ("/areas/" + 32 * "a" + "/", True),
        ("/areas/" + 32 * "a" + "/charts/where/", True),
        ("/areas/new/", False),
        ("/cities/detroit/", False),
        ("/cities/detroit/map.json", False),
        ("/cities/detroit/where.datapackage.json", True),
        ("/cities/detroit/where.png", True),
        ("/search/", True),
        ("/search/suggestions/", False),
        ("/static/css/base.css", False),
        ("/static/vendor/map.svg", False),
        ("/data/download/0123456789ab/tracts.parquet", False),
        ("/healthz", False),
    ],
)
def test_which_addresses_are_heavy(path, heavy):
    assert is_heavy(path.encode()) is heavy


def test_a_busier_process_looks_away_for_longer():
    idle, busy, busier, crowded = (Turns() for _ in range(4))
    busy.in_flight, busier.in_flight = 1, 3
    assert [turns.looks_away(100.0) for turns in (idle, busy, busier)] == [False, True, True]
    assert crowded.looks_away(100.0, connections=1)
    assert idle.left(100.0) < 0 < crowded.left(100.0) < busy.left(100.0) < busier.left(100.0) <= MOST


@given(lates=st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_what_nobody_took_is_taken_however_late_it_looks_again(lates):
    turns, now = Turns(), 100.0
    turns.in_flight = 4
    for late in lates:
        if turns.looks_away(now):
            now += max(0.0, turns.left(now)) + late
            assert not turns.looks_away(now)


def test_a_crowd_is_taken_in_batches():
    turns = Turns()
    turns.in_flight = 1
    assert turns.looks_away(100.0)
    assert [turns.looks_away(100.01) for _ in range(BATCH + 1)] == [False] * BATCH + [True]


def test_room_is_given_back():
    room = Room(10)
    assert room.take(7) and not room.take(4) and room.take(3)
    room.give_back(7)
    assert room.take(7)


def test_an_answer_nobody_reads_takes_no_more_room_than_there_is():
    class Full:
        def send(self, view):
            raise BlockingIOError

    leaving = Leaving(Full(), Room(1_000_000))
    assert leaving.add(b"x" * 600_000)
    assert not leaving.add(b"x" * 600_000)
    leaving.close()
    assert leaving.add(b"x" * 900_000)
    leaving.close()
