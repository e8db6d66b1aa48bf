"""What a public-records request gets of each kind of thing unless somebody decides, and what no text says. Pure."""

import re
from dataclasses import dataclass

SHAREABLE, DELIBERATIVE = "shareable", "deliberative"
DELIBERATION, OTHER = "deliberation", "other"
ARCHIVED = "Archived, and nobody has decided since"


@dataclass(frozen=True)
class Decision:
    """`reason`: coded, "" where it is shareable; `words`: only with the reason "other"."""

    mark: str
    reason: str = ""
    words: str = ""

    @property
    def is_shareable(self) -> bool:
        return self.mark == SHAREABLE


def default_decision(
    kind: str, *, visibility: str = "", is_published: bool = False, is_archived: bool = False
) -> Decision:
    """`kind`: document, decision, meeting, note, question, comment, progress, update, plan, result, pilot, request or
    risk.

    What was decided, what happened and what was published is shareable; how people came to it, and what was for the
    team only, is withheld until somebody reads it. What is archived is withheld: a file may have come by mistake.
    """
    if is_archived:
        return Decision(DELIBERATIVE, OTHER, ARCHIVED)
    shared = {
        "decision": True,
        "progress": True,
        "update": is_published,
        "plan": is_published,
        "result": is_published,
        "pilot": is_published,
        "risk": visibility == "all",
        "document": visibility == "all",
        "comment": visibility == "all",
    }
    return Decision(SHAREABLE) if shared.get(kind, False) else Decision(DELIBERATIVE, DELIBERATION)


_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w.])(?:\+?1[ .-]?)?(?:\(\d{3}\)|\d{3})[ .-]\d{3}[ .-]\d{4}(?!\w)")
_SECRET = re.compile(r"(?<=[/=])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*[0-9])[A-Za-z0-9_-]{22,}")


def without_contacts(text: str) -> str:
    """A text without addresses of mail, telephone numbers and the secrets of links: nobody's are handed out."""
    text = _EMAIL.sub("[email address withheld]", text)
    text = _PHONE.sub("[telephone number withheld]", text)
    return _SECRET.sub("[secret of a link withheld]", text)
