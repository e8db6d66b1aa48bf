"""The mark of a view that everybody may read by program: CSV, pictures and the API's public answers.

`PublicReadsMiddleware` gives the answers of marked views what browsers and programs need: CORS headers, an ETag,
RateLimit-* headers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar


class Validator(Enum):
    """What an answer's ETag is made of."""

    RELEASE = "release"  # address, what is live and the version of the code: known before anything is computed
    ANSWER = "answer"  # the bytes of the answer, for what hangs on more than the live data
    OWN = "own"  # the view's own, or none


@dataclass(frozen=True)
class PublicRead:
    """`is_counted`: it takes from what an address without an account may read within a minute."""

    validator: Validator
    is_counted: bool = True


View = TypeVar("View", bound=Callable)


def public_read(validator: Validator, *, is_counted: bool = True) -> Callable[[View], View]:
    """Marks a view, or a class of the API, as open to everybody."""

    def decorate(view: View) -> View:
        view.public_read = PublicRead(validator, is_counted)  # type: ignore[attr-defined]
        return view

    return decorate


def find_public_read(view: Callable) -> PublicRead | None:
    """The mark of a view as it stands in the addresses; None for one that is not for everybody."""
    return getattr(view, "public_read", None) or getattr(getattr(view, "cls", None), "public_read", None)
