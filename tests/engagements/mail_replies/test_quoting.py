"""What is quoted goes, what was written stays: as the common mail programs write replies."""

import pytest

from engagements.mail_replies.rules.mail_service import is_automatic, read_headers
from engagements.mail_replies.rules.quoting import cut_quoted

GMAIL = """Yes, on Friday.

On Mon, Nov 23, 2026 at 3:00 PM Mobility Portal <
portal@example.org> wrote:

> Will you?
"""
OUTLOOK = """Yes, on Friday.\r
\r
________________________________\r
From: Portal <p@example.org>\r
Sent: Monday\r
"""
OUTLOOK_MAC = """Yes, on Friday.

From: Portal
Date: Monday
To: Ann
Subject: Hm

Will you?"""
APPLE = """Yes, on Friday.

Sent from my iPhone

> On Nov 23, 2026, at 3:00 PM, Portal <p@example.org> wrote:
>
> Will you?"""
MARKED = "Yes, on Friday.\n\nReply to this email to answer. Write above this line.\n\nAnn mentioned you"
SIGNED = "Yes, on Friday.\n-- \nAnn\nCity of Detroit"


@pytest.mark.parametrize("text", [GMAIL, OUTLOOK, OUTLOOK_MAC, APPLE, MARKED, SIGNED, "Yes, on Friday."])
def test_only_the_new_words_are_left(text):
    assert cut_quoted(text) == "Yes, on Friday."


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("> When?\nOn Friday.\n> Who?\nAnn.", "On Friday.\nAnn."),
        ("From: now on we meet on Fridays.\nAnn", "From: now on we meet on Fridays.\nAnn"),
        ("On Friday I wrote: nothing.", "On Friday I wrote: nothing."),
        ("One\n\n\n\n\nTwo", "One\n\nTwo"),
        ("> all quoted", ""),
        ("", ""),
        ("\n  \n", ""),
    ],
)
def test_words_that_only_look_like_a_quotation_stay(text, left):
    assert cut_quoted(text) == left


def test_a_long_text_is_read_in_no_time():
    """No pattern takes longer than the text is long."""
    assert cut_quoted("On " + "a " * 100_000).startswith("On a a")


@pytest.mark.parametrize(
    ("headers", "automatic"),
    [
        ('[["Auto-Submitted", "auto-replied"]]', True),
        ('[["Auto-Submitted", "no"]]', False),
        ('[["Precedence", "bulk"]]', True),
        ('[["Return-Path", "<>"]]', True),
        ('[["Content-Type", "multipart/report; x=y"]]', True),
        ('[["Subject", "Re: Hello"]]', False),
        ("not json", False),
        ("{}", False),
    ],
)
def test_machines_are_told_from_people(headers, automatic):
    assert is_automatic(read_headers(headers)) is automatic
