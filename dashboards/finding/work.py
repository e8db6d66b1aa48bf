"""What people wrote, found: engagements, milestones, documents and everything else, as groups of the search page."""

from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from atlas.formatting.dates import format_utc_day
from atlas.search.typed import Typed
from dashboards.finding.results import Group, Hit
from engagements.finding.queries.work import MOST, MOST_OF_ONE, Words, WorkHit, find_words, find_work
from engagements.finding.rules import count_found, excerpt, mark

# Kind -> heading of its group, and what one of it is called.
NAMES: dict[str, tuple[str | Promise, str | Promise]] = {
    "engagement": (gettext_lazy("Engagements"), gettext_lazy("Engagement")),
    "milestone": (gettext_lazy("Milestones"), gettext_lazy("Milestone")),
    "plan": (gettext_lazy("Plans"), gettext_lazy("Plan")),
    "result": (gettext_lazy("Results"), gettext_lazy("Result")),
    "pilot": (gettext_lazy("Pilots"), gettext_lazy("Pilot")),
    "evidence": (gettext_lazy("What works"), gettext_lazy("Study")),
    "document": (gettext_lazy("Documents"), gettext_lazy("Document")),
    "record": (gettext_lazy("Decisions, meetings and notes"), gettext_lazy("Note")),
    "update": (gettext_lazy("Quarterly updates"), gettext_lazy("Quarterly update")),
    "progress": (gettext_lazy("Progress that was logged"), gettext_lazy("Progress")),
    "comment": (gettext_lazy("Comments"), gettext_lazy("Comment")),
    "request": (gettext_lazy("Questions and problems"), gettext_lazy("Question")),
    "risk": (gettext_lazy("Risks"), gettext_lazy("Risk")),
    "indicator": (gettext_lazy("Indicators"), gettext_lazy("Indicator")),
    "person": (gettext_lazy("People"), gettext_lazy("Person")),
    "note": (gettext_lazy("Local notes"), gettext_lazy("Local note")),
}
_RECORDS: dict[str, str | Promise] = {
    "decision": gettext_lazy("Decision"),
    "meeting": gettext_lazy("Meeting"),
    "note": pgettext_lazy("of an engagement", "Note"),
    "question": gettext_lazy("Open question"),
}


def find_written(typed: Typed, viewer: Any, kind: str = "") -> tuple[Group, ...]:
    """A group for each kind with hits; with `kind` that one alone, and more of it."""
    words = find_words(typed.text)
    found = find_work(viewer, words, kind=kind, most=MOST_OF_ONE if kind else MOST)
    return tuple(
        Group(
            name,
            str(NAMES[name][0]),
            tuple(_hit(one, words.all) for one in hits),
            is_similar=words.is_similar and not any(_is_written(one, words) for one in hits),
            more_address="" if kind or name not in found.more else _more(typed.text, name),
            more=bool(kind) and name in found.more,
        )
        for name, hits in found.hits.items()
    )


def _is_written(one: WorkHit, words: Words) -> bool:
    """Whether all words stand in it as they were typed: a word of the last minute is not in the list of words yet."""
    typed = tuple(alternatives[:1] for alternatives in words.alternatives)
    return count_found(f"{one.title} {one.body}", typed) == len(typed)


def _more(text: str, kind: str) -> str:
    return f"{reverse('search')}?{urlencode({'q': text, 'kind': kind})}"


def _hit(one: WorkHit, words: tuple[str, ...]) -> Hit:
    title = _title(one)
    detail = ", ".join(filter(None, (_called(one), one.about if one.kind == "person" else "", one.city)))
    return Hit(
        title,
        detail if one.on is None else f"{detail}, {format_utc_day(one.on)}",
        _address(one),
        pieces=mark(title, words),
        excerpt=excerpt(one.body, words),
    )


def _title(one: WorkHit) -> str:
    if one.kind == "comment":
        return _("Comment by {name}").format(name=one.about or _("someone"))
    if one.kind == "progress":
        return one.about
    if one.kind == "request":
        return _("Problem with a number") if one.ref == "problem" else _("Question to the experts")
    if one.kind == "note":
        return _("Local note")
    return one.title


def _called(one: WorkHit) -> str:
    """What kind of thing it is; nothing where its title says so."""
    if one.kind in ("comment", "request", "note", "update"):
        return ""
    if one.kind == "document" and one.ref:
        return _place(one.ref)
    return str(_RECORDS.get(one.ref, NAMES["record"][1]) if one.kind == "record" else NAMES[one.kind][1])


def _place(place: str) -> str:
    """Where in a document, as the program that read it says: "page 3"."""
    kind, _space, name = place.partition(" ")
    return {
        "page": _("Document, page {name}"),
        "slide": _("Document, slide {name}"),
        "sheet": _("Document, sheet {name}"),
    }.get(kind, _("Document")).format(name=name)


def _address(one: WorkHit) -> str:
    """Where it opens. What has no page of its own opens the list it stands in."""
    if one.kind in ("milestone", "plan", "result", "pilot", "update", "comment", "request", "indicator"):
        return reverse(one.kind, args=[one.pk])
    if one.kind == "document":
        return reverse("document_about", args=[one.pk])
    if one.kind == "progress":
        return reverse("milestone", args=[int(one.ref)])
    if one.kind == "evidence":
        return reverse("evidence_row", args=[one.ref])
    if one.kind == "note":
        slug, geoid = one.ref.split(" ")
        return reverse("city", args=[slug]) + (f"?{urlencode({'tract': geoid})}" if geoid else "")
    if one.kind == "record":
        return f"{reverse('records', args=[one.engagement])}#record-{one.pk}"
    names = {"engagement": "engagement", "risk": "risks", "person": "engagement_people"}
    return reverse(names[one.kind], args=[one.engagement])
