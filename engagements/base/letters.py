"""One letter: a text and an HTML part that look the same everywhere the portal writes to people.

Mail programs read styles on elements only: templates name classes of `templates/mail/letter.css`, and each rule is
written onto its elements here. Nothing is loaded from anywhere and nothing tells whether a letter was opened.
"""

from functools import cache

from css_inline import CSSInliner
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from engagements.base.message_ids import write_message_id

LONGEST_SUBJECT = 150


def write_letter(
    *,
    to: str,
    subject: str,
    template: str,
    context: dict,
    headers: dict[str, str] | None = None,
    reply_to: str = "",
) -> EmailMultiAlternatives:
    """`template`: without its ending; there is a .txt and an .html. A subject never carries a line break."""
    letter = EmailMultiAlternatives(
        subject=one_line(f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}")[:LONGEST_SUBJECT],
        body=render_to_string(f"{template}.txt", context).strip() + "\n",
        to=[to],
        headers={"Auto-Submitted": "auto-generated", "Message-ID": write_message_id(to)} | (headers or {}),
        reply_to=[reply_to] if reply_to else None,
    )
    letter.attach_alternative(with_styles(render_to_string(f"{template}.html", context)), "text/html")
    return letter


def with_styles(html: str) -> str:
    """The same page with every rule of the letter's stylesheet on the elements it is for."""
    return _inliner().inline(html)


def one_line(text: str) -> str:
    """Names and titles are typed by people: a line break in a header would be refused, and rightly."""
    return " ".join(text.split())


@cache
def _inliner() -> CSSInliner:
    return CSSInliner(extra_css=render_to_string("mail/letter.css"), load_remote_stylesheets=False)
