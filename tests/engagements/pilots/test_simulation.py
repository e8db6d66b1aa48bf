"""Power by simulation: who asks, that the worker answers the plan it was asked about, and how it ends."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from kombu.exceptions import OperationalError

from engagements.access.errors import NotFound
from engagements.models import Pilot
from engagements.permissions import Role
from engagements.pilots import power_worker
from engagements.pilots.actions import power_jobs
from engagements.pilots.actions.locking import planned
from engagements.pilots.actions.power_jobs import ask_power, cancel_power, power_job
from engagements.pilots.power_worker import run_power
from engagements.pilots.rules.drafts import plain_draft
from engagements.pilots.rules.power.simulated import simulate_power
from engagements.pilots.rules.registration import DesignKind, Estimator
from tests.engagements.pilots.made_registration import make_registration
from tests.factories.pilots import PilotDesk, make_pilot

pytestmark = pytest.mark.django_db
MAY = {Role.LEAD, Role.ADVISER, Role.CITY_STAFF}
BEFORE_AND_AFTER = {"clusters": 10, "treated_clusters": 5, "periods_before": 3, "periods_after": 2, "people": 400}


@pytest.fixture
def sent(monkeypatch) -> list:
    """What went to the broker. Few trials, so that it is quick."""
    cache.clear()
    found: list = []
    monkeypatch.setattr(power_jobs.current_app, "send_task", lambda name, args: found.append((name, args)))
    monkeypatch.setattr(power_worker, "simulate_power", partial(simulate_power, trials=4))
    return found


@pytest.fixture
def desk(sent) -> PilotDesk:
    made = make_pilot()
    save(made)
    return made


def save(desk: PilotDesk, **changes) -> None:
    plan = make_registration(
        design=DesignKind.DIFFERENCES,
        estimator=Estimator.DIFFERENCES,
        **{"assumptions": BEFORE_AND_AFTER} | changes,
    )
    Pilot.objects.filter(pk=desk.pilot.pk).update(draft=plain_draft(plan))
    desk.pilot.refresh_from_db()


def job(desk: PilotDesk, later: timedelta = timedelta(0)):
    return power_job(desk.pilot, planned(desk.pilot), timezone.now() + later)


def ask(desk: PilotDesk, by=None):
    return ask_power(pk=desk.pilot.pk, by=by or desk.adviser, now=timezone.now())


@pytest.mark.parametrize("role", list(Role))
def test_who_may_ask(desk, sent, role):
    if role in MAY:
        assert ask(desk, desk.person(role)).state == "queued" and len(sent) == 1
        return
    with pytest.raises(NotFound):
        ask(desk, desk.person(role))


def test_the_worker_answers_the_plan_that_was_asked_about(desk, sent):
    ask(desk)
    assert ask(desk) == job(desk) and len(sent) == 1
    run_power(*sent[0][1])
    done = job(desk)
    assert (done.state, done.progress) == ("done", 100)
    curve = simulate_power(planned(desk.pilot), trials=4).curve
    assert [tuple(one) for one in done.answer["curve"]] == list(curve) and "simulated trials" in done.answer["sentence"]
    save(desk, question="Another question?")
    assert job(desk) is None
    run_power(*sent[0][1])
    assert job(desk) is None


def test_what_is_called_off_leaves_no_answer_and_may_be_asked_for_again(desk, sent, monkeypatch):
    ask(desk)
    monkeypatch.setattr(power_worker, "_PAUSE", timedelta(0))
    tell = power_worker._Watch.tell

    def cancel_on_the_way(watch, done, total):
        cancel_power(pk=desk.pilot.pk, by=desk.adviser, now=timezone.now())
        tell(watch, done, total)

    monkeypatch.setattr(power_worker._Watch, "tell", cancel_on_the_way)
    run_power(*sent[0][1])
    assert job(desk).state == "canceled" and job(desk).answer is None
    assert ask(desk).state == "queued" and len(sent) == 2


def test_a_lost_worker_and_a_missing_broker_are_said(desk, sent, monkeypatch):
    ask(desk)
    assert job(desk, timedelta(minutes=10)).is_working
    assert "lost" in job(desk, timedelta(minutes=21)).reason
    save(desk, question="Another question?")
    with pytest.raises(ValidationError, match="is on its way"):
        ask(desk)

    def refuse(*_args, **_more):
        raise OperationalError

    monkeypatch.setattr(power_jobs.current_app, "send_task", refuse)
    assert "cannot be reached" in ask(desk, desk.staff).reason


def test_what_the_rules_refuse_and_what_breaks_is_said(desk, sent, monkeypatch):
    save(desk, assumptions={"people": None, "clusters": None})
    ask(desk)
    run_power(*sent[-1][1])
    assert job(desk).state == "failed" and "Still needed" in job(desk).reason
    ask(desk)

    def breaks(*_args, **_more):
        raise ZeroDivisionError

    monkeypatch.setattr(power_worker, "simulate_power", breaks)
    with pytest.raises(ZeroDivisionError):
        run_power(*sent[-1][1])
    assert "the log has the details" in job(desk).reason


def test_where_a_formula_holds_there_is_nothing_to_simulate(desk):
    Pilot.objects.filter(pk=desk.pilot.pk).update(draft=plain_draft(make_registration()))
    with pytest.raises(ValidationError, match="a formula holds"):
        ask(desk)


def test_the_page_from_the_button_to_the_answer(desk, sent, client: Client):
    client.force_login(desk.adviser)
    base = f"/pilots/{desk.pilot.pk}/registration/"
    assert f"{base}simulation/" in client.get(f"{base}lock/").content.decode()
    assert "Estimate the power by simulation" in client.get(f"{base}simulation/").content.decode()
    assert client.post(f"{base}simulation/ask/").status_code == 302
    page = client.get(f"{base}simulation/")
    assert page.headers["Refresh"] == "3" and "waits for its turn" in page.content.decode()
    run_power(*sent[0][1])
    page = client.get(f"{base}simulation/")
    assert "Refresh" not in page.headers and "simulated trials" in page.content.decode()
    client.force_login(desk.person(Role.EXPERT))
    assert client.get(f"{base}simulation/").status_code == client.post(f"{base}simulation/ask/").status_code == 404
