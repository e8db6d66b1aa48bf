"""Which files have words that can be found, and why those of others can't be."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_OFFICE = "application/vnd.openxmlformats-officedocument."
# Media type: how it is read. Pictures have no words.
READ = {
    "application/pdf": "pdf",
    f"{_OFFICE}wordprocessingml.document": "docx",
    f"{_OFFICE}presentationml.presentation": "pptx",
    f"{_OFFICE}spreadsheetml.sheet": "xlsx",
    "text/plain": "txt",
    "text/csv": "txt",
}
DAMAGED, LOCKED, TOO_LONG, LOST, EMPTY = "damaged", "locked", "too_long", "lost", "empty"
PROBLEMS: dict[str, Promise] = {
    DAMAGED: _("The words in this file can’t be searched: it can’t be read as what its name says."),
    LOCKED: _("The words in this file can’t be searched: it asks for a password."),
    TOO_LONG: _("The words in this file can’t be searched: reading it took too long or too much memory."),
    LOST: _("The words in this file can’t be searched: its bytes are no longer on the disk."),
    EMPTY: _("This file has no words that can be searched. A scan is a picture of its words."),
}
IS_CUT = _("Only the first part of this file can be searched.")
WAITING = _("The words in this file are being read. They can be searched in a minute.")
IS_FOUND = _("The words in this file can be searched.")


def say_what_is_found(media_type: str, problem: str | None, is_cut: bool = False) -> Promise | str:
    """What the search box finds of a file; "" of pictures. `problem`: of its row, None while it was not read yet."""
    if media_type not in READ:
        return ""
    if problem is None:
        return WAITING
    return PROBLEMS[problem] if problem else IS_CUT if is_cut else IS_FOUND
