"""Every operation of the API, called with what its own description allows and with what it does not.

Nothing may fail on the inside, and nothing may be answered that the description does not announce: no other status, no
other media type, no other shape. schemathesis makes up the requests from the OpenAPI document, the same ones each run.
"""

from dataclasses import dataclass
from datetime import timedelta

import pytest
import requests
import schemathesis
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from atlas.ingest import areas
from engagements.feeds.actions.pushing import make_key
from engagements.models import AccessToken, ExpertRequest, HoursEntry, QuarterlyUpdate, Risk
from engagements.people.actions.absences import add_absence
from engagements.people.actions.tokens import make_access_token
from engagements.permissions import Role
from engagements.results.actions.projects import add_project
from engagements.results.actions.searches import add_search
from engagements.results.records import ProjectFields, SearchFields
from mobility_portal.schema_view import SchemaView
from tests.engagements.pilots.worked_pilot import analyze, make_worked, publish
from tests.factories import portal
from tests.factories.engagements import CommentFactory, EngagementFactory, MilestoneFactory, everybody
from tests.factories.feeds import make_feed, waiting_reading
from tests.factories.indicators import enter, make_indicator
from tests.factories.ledger import commitment
from tests.factories.plans import EvidenceFactory, make_plan
from tests.factories.results import Desk

DOCUMENT = SchemaView.generator_class().get_schema(public=True)
OPERATIONS = {
    operation["operationId"]: (path, method)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
_LEFT_OUT = ("Accept-Encoding", "Content-Type", "Content-Length")  # the answer stays readable; the others go along
REQUESTS = 2  # of each kind for each operation


@dataclass(frozen=True)
class World:
    """What there is at the addresses, by the word before it, and the token of somebody who may do most of it."""

    things: dict[str, str | int]
    token: str
    tokens: dict[Role, str]  # of one person in each role

    def path_of(self, path: str) -> dict[str, str | int]:
        """A value for each part of an address to fill in."""
        parts = path.strip("/").split("/")
        return {part.strip("{}"): self.things[parts[at - 1]] for at, part in enumerate(parts) if part[:1] == "{"}


@pytest.fixture(scope="module")
def world(module_rows, tmp_path_factory) -> World:
    with module_rows.unblock():
        now = timezone.now()
        city = portal.build(tmp_path_factory.mktemp("world"))
        engagement = EngagementFactory(city=city)
        people = everybody(engagement)
        lead = people[Role.LEAD]
        CommentFactory(engagement=engagement, author=lead)
        indicator = make_indicator(engagement, lead)
        plan = make_plan(engagement, lead, tracts=portal.CITY_TRACTS, interventions=1)
        asked = ExpertRequest.objects.create(
            engagement=engagement,
            kind="question",
            question="Which?",
            due_on=(now + timedelta(days=9)).date(),
            asked_by=lead,
            asked_at=now,
        )
        tokens = {role: _token(person, now) for role, person in people.items()}
        fields = ProjectFields("Coaching for parents", tried="A coach for a year")
        desk = Desk(engagement, people, add_project(engagement=engagement.pk, fields=fields, by=lead, now=now))
        result = desk.draft()
        looked = SearchFields(
            project=desk.project.pk,
            searched_by="The adviser",
            what="A published result",
            places="The city's own pages",
            searched_on=now.date(),
        )
        feed = make_feed(indicator, lead, "", kind="push")
        things = {
            "initiatives": engagement.initiative_id,
            "pilots": _published_pilot(),
            "projects": desk.project.pk,
            "results": result.pk,
            "searches": add_search(engagement=engagement.pk, fields=looked, by=lead, now=now).pk,
            "replies": desk.ask(result, now=now).pk,
            "cities": city.slug,
            "panels": "where",
            "areas": areas.create_area("pasted", name="Two tracts", codes=portal.CITY_TRACTS[:2]),
            "engagements": engagement.pk,
            "portfolio": engagement.initiative.slug,
            "milestones": MilestoneFactory(engagement=engagement).pk,
            "indicators": indicator.pk,
            "values": enter(indicator, lead)[0].pk,
            "risks": Risk.objects.create(
                engagement=engagement, title="Rain", likelihood=1, severity=1, opened_on=now.date()
            ).pk,
            "requests": asked.pk,
            "updates": QuarterlyUpdate.objects.create(engagement=engagement, year=2026, quarter=3, written_by=lead).pk,
            "evidence": EvidenceFactory().key,
            "entries": commitment(engagement, lead).pk,
            "plans": plan.pk,
            "interventions": plan.interventions.get().pk,
            "hours": HoursEntry.objects.create(
                engagement=engagement, user=lead, on=now.date(), hours=2, what="Met", created_at=now
            ).pk,
            "absences": add_absence(
                cover=people[Role.ADVISER].pk, starts_on=now.date(), ends_on=now.date(), by=lead, now=now
            ).pk,
            "feeds": feed.pk,
            "feed-keys": make_key(feed=feed.pk, by=lead, now=now)[0].pk,
            "feed-values": waiting_reading(feed).pk,
            "documents": 1,  # none: a file that is not there
            "reports": 1,
        }
        return World(things, tokens[Role.LEAD], tokens)


def _published_pilot() -> int:
    worked = make_worked()
    analyze(worked)
    publish(worked)
    return worked.pilot.pk


def _token(person, now) -> str:
    """Of somebody who allows it all that a token may."""
    _, secret = make_access_token(
        name="conformance",
        scopes=[scope.value for scope in AccessToken.Scope],
        expires_at=now + timedelta(days=1),
        by=person,
        now=now,
    )
    assert secret
    return secret


@pytest.fixture(scope="module")
def schema():
    return schemathesis.openapi.from_dict(DOCUMENT)


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_operation_answers_as_it_says(world, schema, name, db, settings):
    settings.PUBLIC_READS_PER_MINUTE = 0
    path, method = OPERATIONS[name]
    operation = schema[path][method.upper()]
    own = world.path_of(path)
    for path_parameters in (own, None) if own else (None,):
        for mode in GenerationMode:
            _try(operation, mode, path_parameters, world.token)


@pytest.mark.slow
@pytest.mark.parametrize("role", [*Role, None], ids=str)
def test_no_role_gets_an_answer_that_is_not_announced(world, schema, role, db, settings):
    """Everybody, and a stranger: refused or served, the status and the shape are those of the description."""
    settings.PUBLIC_READS_PER_MINUTE = 0
    token = world.tokens[role] if role else ""
    for path, method in OPERATIONS.values():
        own = world.path_of(path)
        for mode in GenerationMode:
            _try(schema[path][method.upper()], mode, own or None, token)


def _send(case, token: str) -> Response:
    """Through Django's own test client, within the test's transaction. A stranger has no token."""
    made = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
    headers = {name: value for name, value in made.headers.items() if name not in _LEFT_OUT}
    told = Client(raise_request_exception=False).generic(
        made.method,
        made.path_url,
        made.body or b"",
        made.headers.get("Content-Type", "application/json"),
        headers=headers | ({"Authorization": f"Bearer {token}"} if token else {}),
    )
    fields = {name: [value] for name, value in told.headers.items()}
    return Response(told.status_code, fields, told.getvalue(), made, elapsed=0.0, verify=True)


def test_what_is_not_announced_is_found(schema):
    """The checks themselves: a status, a media type and a shape that no description has."""
    case = schema["/api/v1/measures/"]["GET"].Case()
    made = requests.Request("GET", "http://testserver/api/v1/measures/").prepare()
    for status, media, body in (
        (418, "application/json", b"{}"),
        (500, "application/json", b"{}"),
        (200, "text/html", b"<p>"),
        (200, "application/json", b'{"count": "many"}'),
    ):
        with pytest.raises(schemathesis.core.failures.FailureGroup):
            case.validate_response(Response(status, {"content-type": [media]}, body, made, 0.0, True), checks=CHECKS)


def _try(operation, mode: GenerationMode, path_parameters: dict | None, token: str) -> None:
    """Some requests, each undone: the next finds the world as it was. Raises what the first failing check says."""
    more = {} if path_parameters is None else {"path_parameters": path_parameters}
    if not operation.query and not operation.body and (mode is GenerationMode.NEGATIVE or not more):
        return

    @settings(
        max_examples=REQUESTS,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode, **more))
    def ask(case):
        with transaction.atomic():
            case.validate_response(_send(case, token), checks=CHECKS)
            transaction.set_rollback(True)

    ask()
