"""Letters: one look for all, nothing loaded from anywhere, one clear button."""

import re

import pytest
from django.core import mail

from engagements.base.letters import write_letter
from tests.bare_text import TEMPLATES
from tests.factories.engagements import UserFactory

LETTERS = sorted(
    path
    for path in [*TEMPLATES.glob("engagements/*/mail/*.html"), TEMPLATES / "account/email/letter.html"]
    if not path.name.startswith("_")
)


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.parts[-3] + "/" + path.name)
def test_each_is_the_one_base_letter_with_a_button_and_no_picture(path):
    source = path.read_text("utf-8")
    assert source.startswith('{% extends "mail/letter.html" %}')
    assert "mail/_button.html" in source and "<img" not in source and "src=" not in source
    assert (
        path.name == "letter.html" or path.with_suffix(".txt").exists()
    )  # the words of an account's mail are its text


def test_rules_are_on_the_elements_and_headers_keep_to_one_line():
    words = {"by": "One <b>", "link": "https://a.example/?a=1&b=2", "portal": "https://p.example"}
    letter = write_letter(
        to="a@example.org",
        subject="Two\r\nBcc: x@evil.example",
        template="engagements/people/mail/invitation",
        context=words,
    )
    ((html, kind),) = letter.alternatives
    assert kind == "text/html" and "<style" not in html and "class=" in html and "One &lt;b&gt;" in html
    (button,) = re.findall(r"<a [^>]*>Accept the invitation</a>", html)
    assert "background: #0b5480" in html and "color: #ffffff" in button and "a=1&amp;b=2" in button
    assert "\n" not in letter.subject and letter.extra_headers["Auto-Submitted"] == "auto-generated"


@pytest.mark.django_db
def test_mails_about_an_account_look_like_the_others(client):
    person = UserFactory(password="x")
    person.set_password("quiet-Harbour-42")
    person.save()
    client.post("/accounts/password/reset/", {"email": person.email})
    (letter,) = mail.outbox
    ((html, _),) = letter.alternatives
    (link,) = re.findall(r"https?://\S+/password/reset/key/\S+", letter.body)
    assert html.count(link) == 1 and "max-width: 600px" in html
