"""What must be decided about the people in a pilot before anybody is drawn or counted."""

from collections.abc import Iterator
from datetime import date

from engagements.pilots.rules.plain import Problem
from engagements.pilots.rules.registration import Consent, Determination, HumanSubjects, Law

_NEEDED = {
    "determination": "Record the determination: approved, exempt, or not research.",
    "body": "Name the board or office that decided.",
    "number": "Give the number of the determination.",
    "decided_on": "Give the date of the determination.",
    "document": "Attach the determination as a document of this engagement.",
    "consent": "Say how people agree to take part, or that this is waived or not needed.",
    "law": "Say which law on records applies, or that none does.",
    "comparison_receives": "Say what people in the comparison group receive.",
    "can_stop": "Name the person who can stop the pilot for harm.",
}


def people_problems(people: HumanSubjects, today: date | None = None) -> Iterator[Problem]:
    """`today`: then an expired determination, or one of a later day, is a problem too."""
    for name, sentence in _NEEDED.items():
        value = getattr(people, name)
        if value is None or (isinstance(value, str) and not value.strip()):
            yield f"human_subjects.{name}", sentence
    if people.consent in (Consent.WAIVED, Consent.NOT_NEEDED) and not people.consent_words.strip():
        yield "human_subjects.consent_words", "Say who waived consent and why, or why none is needed."
    if people.law in (Law.STATE, Law.OTHER) and not people.law_words.strip():
        yield "human_subjects.law_words", "Name the law."
    if people.determination == Determination.APPROVED and people.expires_on is None:
        yield "human_subjects.expires_on", "An approval has an end. Give its date."
    if people.decided_on is not None and people.expires_on is not None and people.expires_on < people.decided_on:
        yield "human_subjects.expires_on", "The determination would end before it was made."
    if today is not None:
        if people.expires_on is not None and people.expires_on < today:
            yield (
                "human_subjects.expires_on",
                "The determination expired. Nothing is drawn and no data come in until it is renewed.",
            )
        if people.decided_on is not None and people.decided_on > today:
            yield "human_subjects.decided_on", "This day has not come yet."
