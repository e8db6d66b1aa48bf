"""The chain of the security log: one writer, and every tampering by somebody who may do anything is found."""

import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from engagements.models import SecurityEvent, SecurityLink, User
from engagements.security_log.actions.anchors import read_anchors, write_anchor
from engagements.security_log.actions.chain import link_events
from engagements.security_log.actions.recording import Kind, record_security_event
from engagements.security_log.actions.retention import erase_sources_of
from engagements.security_log.queries.verification import verify

pytestmark = pytest.mark.django_db
EVENT, LINK = "engagements_securityevent", "engagements_securitylink"


@pytest.fixture
def anchors(tmp_path, settings):
    settings.SECURITY_LOG_ANCHORS = tmp_path / "kept" / "anchors.jsonl"
    return settings.SECURITY_LOG_ANCHORS


@pytest.fixture
def chain(anchors):
    """Six linked events with an anchor after the sixth."""
    events = [record_security_event(Kind.OPERATED, detail={"n": n, "word": "ä"}) for n in range(6)]
    assert link_events() == 6
    assert write_anchor(anchors, timezone.now()) == 6
    return events


def tamper(*statements: str) -> None:
    """As the superuser that owns the database: no trigger and no foreign key stands in the way."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def problems(anchors) -> tuple[str, ...]:
    return verify(anchors=read_anchors(anchors), now=timezone.now()).problems


def test_an_untouched_chain_is_whole_and_grows(chain, anchors):
    assert problems(anchors) == ()
    assert link_events() == 0 and write_anchor(anchors, timezone.now()) is None
    record_security_event(Kind.OPERATED)
    assert verify(anchors=read_anchors(anchors), now=timezone.now()).waiting == 1
    assert link_events() == 1 and write_anchor(anchors, timezone.now()) == 7
    assert problems(anchors) == ()
    assert [position for position, _hash in read_anchors(anchors)] == [6, 7]
    assert anchors.stat().st_mode & 0o077 == 0
    call_command("verify_security_log")


@pytest.mark.parametrize(
    "statements",
    [
        [f"UPDATE {EVENT} SET actor_id = 4711 WHERE id = {{third}}"],
        [f"UPDATE {EVENT} SET at = at - interval '1 second' WHERE id = {{third}}"],
        [f"UPDATE {EVENT} SET detail = '{{{{}}}}' WHERE id = {{third}}"],
        [f"DELETE FROM {EVENT} WHERE id = {{third}}"],
        [f"DELETE FROM {LINK} WHERE position = 3", f"DELETE FROM {EVENT} WHERE id = {{third}}"],
        [  # and the gap closed
            f"DELETE FROM {LINK} WHERE position = 3",
            f"DELETE FROM {EVENT} WHERE id = {{third}}",
            *[f"UPDATE {LINK} SET position = {n} - 1 WHERE position = {n}" for n in (4, 5, 6)],
        ],
        [  # two change places
            f"UPDATE {LINK} SET event_id = -1 WHERE position = 2",
            f"UPDATE {LINK} SET event_id = {{second}} WHERE position = 3",
            f"UPDATE {LINK} SET event_id = {{third}} WHERE position = 2",
        ],
        [f"UPDATE {LINK} SET hash = repeat('0', 64) WHERE position = 6"],
        [f"DELETE FROM {LINK} WHERE position > 4", f"DELETE FROM {EVENT} WHERE id > {{fourth}}"],  # the end cut off
        [f"DELETE FROM {LINK}", f"DELETE FROM {EVENT}"],
    ],
    ids=["who", "when", "what", "event", "event and link", "gap closed", "order", "hash", "end", "all"],
)
def test_tampering_is_found(chain, anchors, statements):
    names = {"second": chain[1].pk, "third": chain[2].pk, "fourth": chain[3].pk}
    tamper(*(statement.format(**names) for statement in statements))
    assert problems(anchors)
    with pytest.raises(CommandError):
        call_command("verify_security_log")


def test_a_chain_that_was_written_anew_is_told_from_its_anchor(chain, anchors):
    tamper(f"DELETE FROM {LINK}", f"DELETE FROM {EVENT} WHERE id = {chain[0].pk}")
    assert link_events() == 5
    assert verify(anchors=[], now=timezone.now()).problems == (), "without its anchor nothing is seen"
    assert problems(anchors)


def test_an_event_put_in_afterwards_with_an_old_date_is_told(chain, anchors):
    SecurityEvent.objects.create(kind=Kind.OPERATED, at=timezone.now() - timedelta(days=3))
    link_events()
    assert len(problems(anchors)) == 1


def test_erasing_names_leaves_the_chain_whole(anchors):
    ann = User.objects.create_user("ann@city.gov")
    record_security_event(Kind.SIGN_IN_FAILED, about=ann, typed_address=ann.email)
    link_events()
    write_anchor(anchors, timezone.now())
    erase_sources_of(person=ann, by=None)
    assert problems(anchors) == ()


def test_events_that_wait_too_long_are_told(anchors):
    record_security_event(Kind.OPERATED)
    assert verify(anchors=[], now=timezone.now() + timedelta(hours=1)).problems


@pytest.mark.django_db(transaction=True)
def test_two_workers_link_each_event_once():
    for _ in range(40):
        record_security_event(Kind.OPERATED)

    def work():
        try:
            link_events()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    link_events()
    assert list(SecurityLink.objects.values_list("position", flat=True)) == list(range(1, 41))
    assert verify(anchors=[], now=timezone.now()).problems == ()
