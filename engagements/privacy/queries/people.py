"""Requests to be erased, and finding an account by its address."""

from dataclasses import dataclass
from datetime import datetime

from engagements.models import ErasureRequest, User

FORMER_DOMAIN = "former.invalid"  # no mail can ever go there (RFC 2606)
FORMER_NAME = "Former member"


@dataclass(frozen=True)
class Asked:
    person: int
    name: str
    email: str
    asked_at: datetime


def former_address(pk: int) -> str:
    return f"former-{pk}@{FORMER_DOMAIN}"


def is_erased(person: User) -> bool:
    return person.email == former_address(person.pk)


def open_requests() -> tuple[Asked, ...]:
    """The oldest first. One statement."""
    rows = ErasureRequest.objects.filter(done_at=None, withdrawn_at=None).select_related("user")
    return tuple(Asked(row.user_id, str(row.user), row.user.email, row.asked_at) for row in rows)


def open_request_of(person: User) -> ErasureRequest | None:
    return ErasureRequest.objects.filter(user=person, done_at=None, withdrawn_at=None).first()


def person_with(email: str) -> User | None:
    return User.objects.filter(email=email.strip().lower()).first()
