"""Each request has an id of ours: in its answer, in the problem document, for whatever runs within it."""

import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client

from mobility_portal.request_id import RequestIdMiddleware, current_request_id

OURS = re.compile(r"[0-9a-f]{16}")


def test_an_answer_and_what_runs_within_have_one_id_and_no_client_chooses_it():
    seen = []

    def view(request):
        seen.append((request.request_id, current_request_id()))
        return HttpResponse()

    request = HttpRequest()
    request.META["HTTP_X_REQUEST_ID"] = "chosen"
    answers = [RequestIdMiddleware(view)(request)["X-Request-ID"] for _ in range(2)]
    assert seen == [(each, each) for each in answers] and len(set(answers)) == 2
    assert all(OURS.fullmatch(each) for each in answers)
    assert current_request_id() == ""


def test_the_id_is_forgotten_when_the_view_raises():
    def view(request):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        RequestIdMiddleware(view)(HttpRequest())
    assert current_request_id() == ""


@pytest.mark.parametrize("path", ["/api/v1/nonsense/", "/static/nonsense.css", "/nonsense/", "/worker.js"])
def test_every_kind_of_answer_has_one(client: Client, path, db):
    answer = client.get(path, headers={"X-Request-ID": "chosen"})
    assert OURS.fullmatch(answer["X-Request-ID"])
    if path.startswith("/api/"):
        assert answer.json()["request_id"] == answer["X-Request-ID"]
