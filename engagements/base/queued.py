"""Entries that a device sends by itself, once it has a connection again: how the server knows them."""

from django.http import HttpRequest

HEADER = "Portal-Queue"
NOW, LATER = "now", "later"  # its writer waits for the answer, or went on long ago


def is_queued(request: HttpRequest) -> bool:
    """Answered with JSON; the same checks as for the form. No other site's page can send the header."""
    return request.method == "POST" and request.headers.get(HEADER) in (NOW, LATER)
