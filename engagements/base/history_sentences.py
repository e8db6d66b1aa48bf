"""The history as sentences: “Ana Ruiz moved the due date of “Draft the ordinance” from Nov 3 to Nov 17, 2026.”"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from atlas.formatting.dates import format_day
from engagements.base.labels import NOUNS, PAGES, field_label, value_label, visible_changes
from engagements.base.queries.history import Change, HistoryEntry
from engagements.workflow import SLIP_REASONS

LONGEST = 90  # characters of a value inside a sentence; a longer one stands below it
SHOWN_TITLE = 90

# What a field is called inside a sentence, after "the"; others stand in quotes, as forms call them.
PHRASES: dict[str, Promise] = {
    "due_on": gettext_lazy("due date"),
    "owner_id": gettext_lazy("owner"),
    "title": gettext_lazy("title"),
    "name": gettext_lazy("name"),
    "status": gettext_lazy("status"),
    "stage": gettext_lazy("stage"),
    "kind": gettext_lazy("kind"),
    "body": gettext_lazy("text"),
    "visibility": gettext_lazy("readers"),
    "question": gettext_lazy("question"),
    "answer": gettext_lazy("answer"),
    "note": gettext_lazy("note"),
    "source": gettext_lazy("source"),
    "on": gettext_lazy("day"),
    "starts_on": gettext_lazy("start"),
    "ends_on": gettext_lazy("end"),
    "started_on": gettext_lazy("day it started"),
    "done_on": gettext_lazy("day it was done"),
    "began_on": gettext_lazy("beginning"),
    "ended_on": gettext_lazy("end"),
    "target": gettext_lazy("target"),
    "baseline": gettext_lazy("baseline"),
    "unit": gettext_lazy("unit"),
    "value": gettext_lazy("value"),
    "numerator": gettext_lazy("numerator"),
    "denominator": gettext_lazy("denominator"),
    "amount": gettext_lazy("amount"),
    "likelihood": gettext_lazy("likelihood"),
    "severity": gettext_lazy("severity"),
    "mitigation": gettext_lazy("response"),
    "definition": gettext_lazy("definition"),
    "position": gettext_lazy("place in the list"),
}
# What a thing is called inside a sentence, before its title.
THINGS: dict[str, Promise] = {
    "participation": gettext_lazy("the status of the engagement"),
    "quarterlyupdate": gettext_lazy("the update for"),
    "expertrequest": gettext_lazy("the request"),
    "engagement": gettext_lazy("the engagement"),
    "initiative": gettext_lazy("the initiative"),
    "comment": gettext_lazy("the comment"),
    "document": gettext_lazy("the document"),
    "milestone": gettext_lazy("the milestone"),
    "indicator": gettext_lazy("the indicator"),
    "indicatorvalue": gettext_lazy("the value for"),
    "risk": gettext_lazy("the risk"),
    "plan": gettext_lazy("the plan"),
    "planintervention": gettext_lazy("the intervention"),
    "plantract": gettext_lazy("the tracts"),
    "project": gettext_lazy("the project"),
    "result": gettext_lazy("the result"),
    "searchrecord": gettext_lazy("the search for a result"),
    "replyrequest": gettext_lazy("the request for a reply to"),
    "pilot": gettext_lazy("the pilot"),
    "pilotcity": gettext_lazy("the city of the pilot"),
    "pilotlink": gettext_lazy("the link of the pilot"),
    "dataagreement": gettext_lazy("the data agreement"),
    "budgetline": gettext_lazy("the budget line"),
    "tablemapping": gettext_lazy("the mapping of a table"),
    "hoursentry": gettext_lazy("the hours for"),
    "localnote": gettext_lazy("the local note"),
    "engagementrole": gettext_lazy("the role of"),
    "feed": gettext_lazy("the feed"),
    "contact": gettext_lazy("the contact"),
    "webhook": gettext_lazy("the webhook"),
    "evidencerow": gettext_lazy("the study finding"),
    "absence": gettext_lazy("the absence"),
    "projectplan": gettext_lazy("the link of a plan to the project"),
    "planmilestone": gettext_lazy("the link of a milestone to the plan"),
    "plandocument": gettext_lazy("the link of a document to the plan"),
    "milestonedependency": gettext_lazy("the dependency of"),
    "recordplace": gettext_lazy("the place of"),
    "publicrecordmark": gettext_lazy("the public-records mark"),
}
_RECORDS: dict[object, Promise] = {
    "decision": gettext_lazy("the decision"),
    "meeting": gettext_lazy("the meeting"),
    "note": gettext_lazy("the note"),
    "question": gettext_lazy("the open question"),
}
NOTHING: Promise = gettext_lazy("nothing")


@dataclass(frozen=True)
class Told:
    """`sentence` is markup with a link to the thing; `texts`: (field, before, after) too long for a sentence."""

    entry: HistoryEntry
    sentence: SafeString
    reason: str
    texts: tuple[tuple[str, str, str], ...]


def told(entries: tuple[HistoryEntry, ...], slug: str) -> tuple[Told, ...]:
    """`slug`: of the engagement. No statement runs here."""
    return tuple(_tell(entry, slug) for entry in entries)


def _tell(entry: HistoryEntry, slug: str) -> Told:
    changes = [change for change in visible_changes(entry.changes) if not _is_said(entry, change)]
    long = [change for change in changes if _is_long(entry, change)]
    texts = tuple(
        (field_label(change.field), _value(entry, change, "before"), _value(entry, change, "after"))
        for change in long
        if entry.verb == "update"
    )
    return Told(entry, _sentence(entry, changes, slug), _reason(entry.why), texts)


_SAID_ALREADY = frozenset({"archived_at", "archived_by_id", "approved_at", "reviewed_at", "answered_at", "public_at"})
_BY_WHOM = frozenset({"approved_by_id", "reviewed_by_id", "answered_by_id", "public_by_id", "closed_by_id"})


def _is_said(entry: HistoryEntry, change: Change) -> bool:
    """The sentence begins with who, and the entry with when."""
    return change.field in _SAID_ALREADY or (change.field in _BY_WHOM and change.after == entry.by)


def _reason(why: str) -> str:
    """A coded reason in words."""
    return str(dict(SLIP_REASONS).get(why, why))


def _sentence(entry: HistoryEntry, changes: list[Change], slug: str) -> SafeString:
    special = _SPECIAL.get(entry.noun)
    found = special(entry, slug) if special else None
    if found is not None:
        return found
    thing = _thing(entry, slug)
    if entry.verb == "insert":
        return _say(_("{who} added {thing}."), entry, thing=thing)
    if entry.verb == "delete":
        return _say(_("{who} removed {thing}."), entry, thing=thing)
    archived = next((change for change in entry.changes if change.field == "archived_at"), None)
    if archived:
        words = _("{who} archived {thing}.") if archived.after else _("{who} restored {thing}.")
        return _say(words, entry, thing=thing)
    if not changes:
        reviewed = any(change.field == "reviewed_by_id" and change.after for change in entry.changes)
        words = _("{who} reviewed {thing}.") if reviewed else _("{who} changed {thing}.")
        return _say(words, entry, thing=thing)
    if len(changes) == 1:
        return _one(entry, changes[0], thing)
    parts = format_html_join("; ", "{}", ((_part(entry, change),) for change in changes))
    return _say(_("{who} changed {thing}: {parts}."), entry, thing=thing, parts=parts)


def _one(entry: HistoryEntry, change: Change, thing: SafeString) -> SafeString:
    field = _field(change.field)
    if _is_long(entry, change):
        return _say(_("{who} rewrote the {field} of {thing}."), entry, field=field, thing=thing)
    before, after = _span(entry, change)
    if change.before in (None, "", []):
        return _say(_("{who} set the {field} of {thing} to {after}."), entry, field=field, thing=thing, after=after)
    if change.after in (None, "", []):
        words = _("{who} removed the {field} of {thing}, which was {before}.")
        return _say(words, entry, field=field, thing=thing, before=before)
    words = _("{who} changed the {field} of {thing} from {before} to {after}.")
    if change.field == "due_on":
        words = _("{who} moved the {field} of {thing} from {before} to {after}.")
    return _say(words, entry, field=field, thing=thing, before=before, after=after)


def _part(entry: HistoryEntry, change: Change) -> str:
    """One of several changes."""
    field = _field(change.field)
    if _is_long(entry, change):
        return _("{field} rewritten").format(field=field)
    before, after = _span(entry, change)
    if change.before in (None, "", []):
        return _("{field} set to {after}").format(field=field, after=after)
    if change.after in (None, "", []):
        return _("{field} removed, was {before}").format(field=field, before=before)
    return _("{field} from {before} to {after}").format(field=field, before=before, after=after)


def _say(words: str, entry: HistoryEntry, **parts: object) -> SafeString:
    """Markup only where the parts bring it; a translation's own signs are text."""
    return format_html(escape(words), who=format_html("<strong>{}</strong>", entry.by), **parts)


def _thing(entry: HistoryEntry, slug: str) -> SafeString:
    noun = THINGS.get(entry.noun) or _("the {thing}").format(thing=NOUNS.get(entry.noun, entry.noun).lower())
    if entry.noun == "record":
        noun = _RECORDS.get(entry.row_kind, _("the record"))
    if entry.noun == "milestone" and entry.verb == "update":
        return _linked(entry, slug, entry.title)  # most entries are of these: their title says it
    if entry.noun == "indicatorvalue" and (name := entry.names.get("indicator_id")):
        return format_html(
            escape(_("{thing} {title} of “{indicator}”")),
            thing=noun,
            title=_linked(entry, slug, entry.title, quoted=False),
            indicator=name,
        )
    quoted = entry.noun not in ("quarterlyupdate", "engagementrole", "hoursentry")
    titled = _linked(entry, slug, entry.title, quoted=quoted) if entry.title else ""
    if not titled:
        return _linked(entry, slug, str(noun), quoted=False)
    return format_html("{} {}", noun, titled)


def _linked(entry: HistoryEntry, slug: str, title: str, *, quoted: bool = True) -> SafeString:
    short = title if len(title) <= SHOWN_TITLE else f"{title[: SHOWN_TITLE - 1].rstrip()}…"
    address = _address(entry, slug)
    named = format_html('<a href="{}">{}</a>', address, short) if address else format_html("{}", short)
    return format_html("“{}”", named) if quoted else named


# Where a thing without a page of its own is read: name of the address, and which id it takes, "" for the engagement's.
_PLACES = {
    "comment": ("comment", "self"),
    "record": ("records", ""),
    "recordplace": ("records", ""),
    "risk": ("risks", ""),
    "engagementrole": ("engagement_people", ""),
    "indicatorvalue": ("indicator", "indicator_id"),
    "planintervention": ("plan", "plan_id"),
    "plantract": ("plan", "plan_id"),
    "planmilestone": ("plan", "plan_id"),
    "plandocument": ("plan", "plan_id"),
    "milestonedependency": ("milestone", "milestone_id"),
    "hoursentry": ("hours", ""),
    "budgetline": ("money", ""),
    "tablemapping": ("engagement", ""),
    "project": ("results", ""),
    "projectplan": ("results", ""),
    "searchrecord": ("results", ""),
    "contact": ("contacts", ""),
}
_KEEPS_ITS_PAGE = frozenset({"milestone"})  # archived too


def _address(entry: HistoryEntry, slug: str) -> str:
    """ "" for what is archived or gone: its page is no longer there."""
    if entry.noun in PAGES and entry.noun not in _PLACES:
        is_there = not entry.is_gone or entry.noun in _KEEPS_ITS_PAGE
        return reverse(PAGES[entry.noun], args=[entry.object_id]) if is_there else ""
    name, which = _PLACES.get(entry.noun, ("engagement", ""))
    if which == "self":
        return "" if entry.is_gone else reverse(name, args=[entry.object_id])
    if which:
        return reverse(name, args=[entry.about[which]]) if which in entry.about else ""
    at = reverse(name, args=[slug])
    return f"{at}#record-{entry.object_id}" if entry.noun == "record" and not entry.is_gone else at


def _field(name: str) -> str:
    return str(PHRASES.get(name) or f"“{field_label(name)}”")


def _value(entry: HistoryEntry, change: Change, which: str) -> str:
    value = getattr(change, which)
    if value is None or value == "" or value == []:
        return str(NOTHING)
    try:
        field = apps.get_model("engagements", entry.noun)._meta.get_field(change.field)
    except (LookupError, FieldDoesNotExist):
        field = None
    choices = dict(getattr(field, "flatchoices", ()) or ())
    if isinstance(value, str | int) and value in choices:
        return str(choices[value])
    return str(value_label(entry.noun, change.field, value))


def _is_long(entry: HistoryEntry, change: Change) -> bool:
    return any(
        isinstance(value, dict) or len(_value(entry, change, which)) > LONGEST
        for which, value in (("before", change.before), ("after", change.after))
    )


def _span(entry: HistoryEntry, change: Change) -> tuple[str, str]:
    """Before and after in words; of two days of one year the first without it."""
    days = [_day(value) for value in (change.before, change.after)]
    if days[0] and days[1] and days[0].year == days[1].year:
        return format_day(days[0]).removesuffix(f", {days[0].year}"), format_day(days[1])
    return _value(entry, change, "before").rstrip("."), _value(entry, change, "after").rstrip(".")


def _day(value: object) -> date | None:
    if not isinstance(value, str) or len(value) != 10:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


# Sentences of their own: what these rows mean is more than that they were added.


def _role(entry: HistoryEntry, slug: str) -> SafeString | None:
    person, role = entry.title.rsplit(": ", 1) if ": " in entry.title else (entry.title, "")
    parts = {"person": _linked(entry, slug, person, quoted=False), "role": role.lower()}
    if entry.verb == "insert":
        return _say(_("{who} gave {person} the role of {role}."), entry, **parts)
    ended = next((change for change in entry.changes if change.field == "ended_on" and change.after), None)
    if ended:
        day = _value(entry, ended, "after")
        return _say(_("{who} ended the role of {person} as {role} on {day}."), entry, day=day, **parts)
    return None


def _participation(entry: HistoryEntry, slug: str) -> SafeString | None:
    values = {change.field: _value(entry, change, "after") for change in entry.changes}
    if entry.verb != "insert" or not {"status", "began_on"} <= set(values):
        return None
    words = _("{who} set {thing} to {status} from {day}.")
    return _say(words, entry, thing=_thing(entry, slug), status=values["status"], day=values["began_on"])


def _comment(entry: HistoryEntry, slug: str) -> SafeString | None:
    if entry.verb != "insert":
        return None
    return _say(_("{who} commented {thing}."), entry, thing=_linked(entry, slug, entry.title))


def _document(entry: HistoryEntry, slug: str) -> SafeString | None:
    if entry.verb != "insert":
        return None
    return _say(_("{who} uploaded {thing}."), entry, thing=_thing(entry, slug))


def _dependency(entry: HistoryEntry, slug: str) -> SafeString:
    words = _("{who} made {thing} wait for “{other}”.")
    if entry.verb == "delete":
        words = _("{who} ended that {thing} waits for “{other}”.")
    thing = _linked(entry, slug, entry.names.get("milestone_id", _("a milestone")))
    return _say(words, entry, thing=thing, other=entry.names.get("needs_id", _("another milestone")))


def _link_to_plan(entry: HistoryEntry, slug: str) -> SafeString:
    words = _("{who} linked “{other}” to the plan {thing}.")
    if entry.verb == "delete":
        words = _("{who} took “{other}” out of the plan {thing}.")
    other = entry.names.get("milestone_id") or entry.names.get("document_id") or str(NOUNS.get(entry.noun, ""))
    return _say(words, entry, thing=_linked(entry, slug, entry.names.get("plan_id", _("Plan"))), other=other)


def _tracts(entry: HistoryEntry, slug: str) -> SafeString:
    words = _("{who} added {count} to the plan {thing}: {tracts}.")
    if entry.verb == "delete":
        words = _("{who} took {count} out of the plan {thing}: {tracts}.")
    count = _("1 tract") if entry.count == 1 else _("{count} tracts").format(count=entry.count)
    plan = _linked(entry, slug, entry.names.get("plan_id", _("Plan")))
    return _say(words, entry, thing=plan, count=count, tracts=entry.title)


def _place(entry: HistoryEntry, slug: str) -> SafeString:
    thing = _linked(entry, slug, entry.names.get("record_id", _("a call")))
    return _say(_("{who} noted that {thing} is about this engagement too."), entry, thing=thing)


def _hours(entry: HistoryEntry, slug: str) -> SafeString | None:
    hours = next((change.after for change in entry.changes if change.field == "hours"), None)
    if entry.verb != "insert" or hours is None:
        return None
    number = f"{float(str(hours)):g}"
    thing = _linked(entry, slug, entry.title)
    return _say(_("{who} logged {hours} hours for {thing}."), entry, hours=number, thing=thing)


def _mark(entry: HistoryEntry, slug: str) -> SafeString | None:
    """Which thing it is about says its kind and the page it is on."""
    mark = next((_value(entry, change, "after") for change in entry.changes if change.field == "mark"), "")
    reason = next((_value(entry, change, "after") for change in entry.changes if change.field == "reason"), "")
    words = next((_value(entry, change, "after") for change in entry.changes if change.field == "words"), "")
    label = NOUNS.get(entry.row_kind, _("entry")).lower()
    about = entry.about.get("object_id")
    name = {"document": "document_about", "comment": "comment", "quarterlyupdate": "update"}.get(entry.row_kind)
    address = reverse(name, args=[about]) if name and about else reverse("public_records", args=[slug])
    thing = format_html('<a href="{}">{}</a>', address, label)
    if not mark:
        return _say(_("{who} changed why a {thing} is withheld: {reason}."), entry, thing=thing, reason=words or reason)
    if reason and reason != NOTHING:
        kept = words if words and words != NOTHING else reason
        return _say(
            _("{who} marked a {thing} for public records as {mark}: {reason}."),
            entry,
            thing=thing,
            mark=mark.lower(),
            reason=kept,
        )
    return _say(_("{who} marked a {thing} for public records as {mark}."), entry, thing=thing, mark=mark.lower())


def _project_plan(entry: HistoryEntry, slug: str) -> SafeString:
    words = _("{who} linked the plan “{plan}” to the project {thing}.")
    if entry.verb == "delete":
        words = _("{who} ended the link of the plan “{plan}” to the project {thing}.")
    thing = _linked(entry, slug, entry.names.get("project_id", _("Project")))
    return _say(words, entry, thing=thing, plan=entry.names.get("plan_id", _("Plan")))


_SPECIAL: dict[str, Callable[[HistoryEntry, str], SafeString | None]] = {
    "engagementrole": _role,
    "participation": _participation,
    "comment": _comment,
    "document": _document,
    "milestonedependency": _dependency,
    "planmilestone": _link_to_plan,
    "plandocument": _link_to_plan,
    "plantract": _tracts,
    "recordplace": _place,
    "hoursentry": _hours,
    "projectplan": _project_plan,
    "publicrecordmark": _mark,
}
