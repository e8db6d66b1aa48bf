"""A copy for a person; made on the server, it is recorded in the security log."""

from datetime import datetime
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from engagements.models import User
from engagements.privacy.archive import write_person_archive
from engagements.security_log.actions.recording import Kind, record_security_event


def write_copy(out: BinaryIO, *, person: User, by: User | None, now: datetime) -> int:
    """How many rows; `by` None: whoever has the machine. Raises ValidationError for an account that many share.

    What somebody downloads themselves is recorded where every download is, by the middleware of the security log.
    """
    if person.is_fictional:
        raise ValidationError(_("This is a demo account that many people share: it is nobody’s."))
    count = write_person_archive(out, person, now=now)
    if by is None:
        record_security_event(Kind.EXPORTED, about=person, detail={"rows": count})
    return count
