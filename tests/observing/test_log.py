"""What a line of the log says, and what it must never say."""

import json
import logging
import sys

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from engagements.models import User
from mobility_portal.observing.log_format import JsonFormatter, LineFormatter
from mobility_portal.observing.scrubbing import describe_error, describe_traceback, scrub
from tests.factories.engagements import UserFactory

MAIL = "ada.quist@example.org"


def record_of(error: BaseException, message="It failed: %s") -> logging.LogRecord:
    return logging.LogRecord(
        "test", logging.ERROR, __file__, 1, message, (error,), (type(error), error, error.__traceback__)
    )


@pytest.fixture
def lines(monkeypatch):
    """What the portal's own formatter makes of the lines, as JSON."""
    handler = logging.Handler()
    handler.said = []
    handler.setFormatter(JsonFormatter())
    handler.emit = lambda record: handler.said.append(json.loads(handler.format(record)))
    logging.getLogger().addHandler(handler)
    yield handler.said
    logging.getLogger().removeHandler(handler)


def requests_of(lines) -> list[dict]:
    return [line for line in lines if line["logger"] == "portal.request"]


@pytest.mark.django_db
@pytest.mark.parametrize("formatter", [LineFormatter(), JsonFormatter()])
def test_an_error_of_the_database_tells_neither_its_statement_nor_a_value(formatter):
    UserFactory(email=MAIL, name="Ada Quist")
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        User.objects.create(email=MAIL, name="Ada Quist")
    assert MAIL in str(caught.value), "the error itself has what must not be told"
    said = formatter.format(record_of(caught.value))
    assert MAIL not in said and "ada" not in said.lower() and "INSERT" not in said and "DETAIL" not in said
    assert "SQLSTATE 23505" in said and "constraint_name" in said and "test_log.py" in said


@pytest.mark.django_db
def test_a_broken_statement_is_not_told():
    with pytest.raises(Exception, match="LINE 1") as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELEC name FROM engagements_user WHERE email = %s", [MAIL])
    said = JsonFormatter().format(record_of(caught.value))
    assert "SELEC" not in said and MAIL not in said and "SQLSTATE 42601" in said


@pytest.mark.django_db
def test_nor_does_an_error_that_quotes_one():
    try:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT %s::int", ["Ada Quist"])
        except Exception as error:
            raise RuntimeError(f"Reading failed: {error}") from error
    except RuntimeError as error:
        told = JsonFormatter().format(record_of(error))
    assert "Ada" not in told and "SELECT" not in told and "RuntimeError: Reading failed" in told and "22P02" in told


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KeyError("Ada Quist"), "KeyError: [text]"),
        (
            ValueError("invalid literal for int() with base 10: 'Ada'"),
            "ValueError: invalid literal for int() with base 10: [text]",
        ),
        (
            AttributeError("'NoneType' object has no attribute 'pk'"),
            "AttributeError: 'NoneType' object has no attribute 'pk'",
        ),
        (TypeError("bad operand 'Ada Quist'"), "TypeError: bad operand [text]"),
        (RuntimeError(f"no mail to {MAIL}"), "RuntimeError: no mail to [mail]"),
        (OSError(28, "No space left on device"), "OSError: [Errno 28] No space left on device"),
        (UnicodeDecodeError("utf-8", b"Ada", 0, 1, "why"), "UnicodeDecodeError"),
    ],
)
def test_of_an_errors_message_only_what_the_program_says_is_told(error, said):
    assert describe_error(error) == said


def test_an_error_whose_message_cannot_be_read_is_told_all_the_same():
    class Broken(Exception):
        def __str__(self):
            raise ValueError

    assert describe_error(Broken()).endswith("Broken")


def test_what_is_known_to_be_silent_is():
    import requests

    assert (
        describe_error(requests.ConnectionError("/geocoder?address=12+Elm+Street"))
        == "requests.exceptions.ConnectionError"
    )


def test_a_traceback_names_every_cause_and_no_line_of_it_quotes_a_value():
    def inner():
        raise KeyError("Ada")

    try:
        try:
            inner()
        except KeyError as error:
            raise ValueError("outer 'Ada'") from error
    except ValueError as error:
        told = describe_traceback(error)
    assert told.index("KeyError") < told.index("which caused") < told.index("ValueError") and "Ada" not in told
    assert "inner" in told


def test_addresses_secrets_and_questions_are_left_out_of_any_text():
    text = f"GET /shared/{'a' * 32}/?q=Elm+Street for {MAIL}"
    assert scrub(text) == "GET /shared/[secret]/?[query] for [mail]"


def test_a_line_is_one_line_of_json_with_nothing_a_library_added():
    record = logging.LogRecord("test", 20, "", 1, "two\nlines", None, None)
    record.request_headers = {"Authorization": "Bearer secret"}
    said = JsonFormatter().format(record)
    assert "\n" not in said and "secret" not in said and json.loads(said)["message"] == "two\nlines"


def test_a_line_that_was_sent_to_the_portal_makes_no_second_one():
    record = logging.LogRecord("test", 20, "", 1, "read %s", ("a\r\n2026-11-30 INFO root: all is well",), None)
    assert "\n" not in LineFormatter().format(record) and "\n" not in JsonFormatter().format(record)


def test_parts_that_do_not_fit_do_not_stop_the_line():
    said = LineFormatter().format(logging.LogRecord("test", 20, "", 1, "%s %s", ("one",), None))
    assert "%s %s" in said


@pytest.mark.django_db
def test_one_line_for_a_request_with_its_pattern_and_no_more(lines):
    client, person = Client(), UserFactory()
    client.force_login(person)
    answer = client.get("/me/?secret=Elm+Street")
    (line,) = requests_of(lines)
    assert line["route"] == "me/" and line["method"] == "GET" and line["status"] == 200
    assert line["request_id"] == answer["X-Request-ID"] and line["user_id"] == person.pk
    assert line["bytes"] == len(answer.content) and line["statements"] > 1
    assert 0 < line["statements_ms"] < line["duration_ms"]
    assert "Elm" not in json.dumps(lines) and person.email not in json.dumps(lines)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/", "(home)"),
        ("/nonsense/Ada-Quist/", "(no such address)"),
        ("/static/nonsense.css", "(static file)"),
        (f"/invitations/{'a' * 40}/", "invitations/<str:secret>/"),
    ],
)
def test_no_path_is_told(lines, path, route):
    Client().get(path)
    (line,) = requests_of(lines)
    assert line["route"] == route and "user_id" not in line
    assert path == "/" or path not in json.dumps(lines)


@pytest.mark.django_db
def test_a_page_that_is_answered_before_its_address_is_looked_up_has_its_pattern(lines):
    for _ in range(2):
        Client().get("/methods/", headers={"host": "127.0.0.1"})
    assert [line["route"] for line in requests_of(lines)] == ["methods/", "methods/"]


@pytest.mark.django_db
def test_probes_are_told_only_when_they_fail(lines, monkeypatch):
    from mobility_portal.observing import probes

    assert [Client().get(path).status_code for path in ("/livez", "/readyz", "/healthz")] == [200, 200, 200]
    assert requests_of(lines) == []
    monkeypatch.setattr(probes, "are_applied", lambda: False)
    assert Client().get("/readyz").status_code == 503
    assert [line["status"] for line in requests_of(lines)] == [503]


@pytest.mark.django_db
def test_an_error_within_a_page_has_the_id_of_the_answer(lines, monkeypatch):
    from mobility_portal import mail_views

    monkeypatch.setattr(mail_views, "mails", lambda *_: {}[MAIL])
    monkeypatch.setattr(mail_views, "may_read_mail", lambda user: True)
    client = Client(raise_request_exception=False)
    client.force_login(UserFactory())
    answer = client.get("/mail/")
    (failure,) = [line for line in lines if line["level"] == "ERROR"]
    assert answer.status_code == 500 and failure["request_id"] == answer["X-Request-ID"]
    assert failure["error"] == "KeyError: [text]" and "mail_views.py" in failure["traceback"]
    assert failure["message"] == "Internal Server Error: /mail/" and MAIL not in json.dumps(lines)
    assert sys.exc_info() == (None, None, None)
