"""Asks a publisher and reads the answer as a table. Touches no database: it runs in threads."""

import hashlib
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings

from atlas.fetching.errors import FetchError, TemporaryFetchError
from atlas.fetching.small_answer import SECONDS, SmallAnswer, TooManyRequests, fetch_small
from engagements.feeds.rules import answers
from engagements.feeds.rules.answers import AnswerTable, FeedProblem
from engagements.feeds.rules.requests import ARCGIS, CSV, MOST_PAGES, SOCRATA, request_address, secret_headers

_NO_TABLE = ("image/", "video/", "audio/", "font/", "application/pdf", "application/zip", "multipart/")
SECONDS_IN_ALL = 60.0  # of all pages of one answer
AGAIN = "It is asked again by itself. If this stays, ask the publisher."
CHECK_ADDRESS = "Open the address in a browser, then correct it in the feed."


class TemporaryProblem(FeedProblem):
    """May pass by itself. `wait_seconds`: what the publisher asked for."""

    def __init__(self, sentence: str, wait_seconds: float | None = None):
        super().__init__(sentence, AGAIN)
        self.wait_seconds = wait_seconds


@dataclass(frozen=True)
class Source:
    """What is asked. `secret` in clear, in memory only."""

    kind: str
    address: str
    query: str = ""
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Answer:
    table: AnswerTable
    sha256: str
    size: int


def read_source(source: Source) -> Answer:
    """All pages of it. Raises FeedProblem, TemporaryProblem."""
    parts = urlsplit(source.address)
    if source.secret and parts.scheme != "https" and parts.hostname not in settings.FEED_PRIVATE_HOSTS:
        raise FeedProblem("A token is sent over https only.", "Write https:// in the address, or take the token away.")
    deadline = time.monotonic() + SECONDS_IN_ALL
    digest, size = hashlib.sha256(), 0
    tables = []
    for page in range(MOST_PAGES if source.kind == ARCGIS else 1):
        got = _ask(source, page, deadline)
        digest.update(got.body)
        size += len(got.body)
        tables.append(_READERS[source.kind](got.body))
        if source.kind != ARCGIS or not tables[-1].rows or not answers.has_more(got.body):
            break
    else:
        raise FeedProblem("The layer has more rows than are read.", "Narrow it with the query of the feed.")
    return Answer(answers.join_tables(tables), digest.hexdigest(), size)


_READERS = {CSV: answers.read_csv, SOCRATA: answers.read_socrata, ARCGIS: answers.read_arcgis}


def _ask(source: Source, page: int, deadline: float) -> SmallAnswer:
    address = request_address(source.kind, source.address, source.query, page)
    left = min(SECONDS, deadline - time.monotonic())
    if left <= 0:
        raise TemporaryProblem("The server did not finish in time.")
    try:
        got = fetch_small(
            address,
            secrets=secret_headers(source.kind, source.secret),
            private_hosts=settings.FEED_PRIVATE_HOSTS,
            seconds=left,
        )
    except TooManyRequests as busy:
        raise TemporaryProblem(_sentence(busy), busy.seconds) from busy
    except TemporaryFetchError as passing:
        raise TemporaryProblem(_sentence(passing)) from passing
    except FetchError as refused:
        raise FeedProblem(_sentence(refused), CHECK_ADDRESS) from refused
    if got.content_type.startswith(_NO_TABLE):
        raise FeedProblem(f"What came is {got.content_type[:60]}, not a table.", CHECK_ADDRESS)
    return got


def _sentence(error: Exception) -> str:
    words = str(error).strip()
    return f"{words[:1].upper()}{words[1:]}."
