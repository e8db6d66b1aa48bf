"""What the tests of comments, documents, updates and requests share."""

import re

from django.test import Client

from engagements.permissions import Role
from tests.factories.engagements import everybody, pair

_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
SUBMISSION = "12345678-1234-5678-1234-567812345678"


def house():
    """Two cities of one initiative, everybody in each: (here, there, people here, people there)."""
    here, there = pair()
    return here, there, everybody(here), everybody(there)


def as_(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def statuses(people, url: str) -> dict[Role, int]:
    return {role: as_(person).get(url).status_code for role, person in people.items()}


def allowed(people, url: str) -> set[Role]:
    """Who gets the page."""
    return {role for role, status in statuses(people, url).items() if status == 200}


def same_page(one, other) -> bool:
    """The same answer but for the token of its forms."""
    return one.status_code == other.status_code and _TOKEN.sub(b"", one.content) == _TOKEN.sub(b"", other.content)
