"""Labels of work: a status has a mark and a word, a date the precision of its source, a field its name."""

from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from atlas.formatting.dates import format_day, format_instant, format_month
from atlas.web.icons import icon
from engagements.models import Risk
from engagements.permissions import ROLE_LABELS, Role
from engagements.workflow import (
    INDICATOR_VALUE,
    MILESTONE,
    PARTICIPATION,
    PLAN,
    REPEATS,
    REQUEST,
    RESULT,
    SLIP_REASONS,
    UPDATE,
    VALUE_CHANGE_REASONS,
)

# Status -> kind of tag and icon: a status always has both a color, a sign and a word.
_TAGS = {
    "planned": ("quiet", "ring"),
    "in_progress": ("now", "half"),
    "at_risk": ("warn", "warning"),
    "blocked": ("late", "cross"),
    "awaiting_review": ("now", "eye"),
    "done": ("done", "check"),
    "cancelled": ("quiet", "close"),
    "announced": ("quiet", "ring"),
    "active": ("now", "half"),
    "paused": ("quiet", "pause"),
    "completed": ("done", "check"),
    "withdrawn": ("quiet", "close"),
}
# Below the team a row carries the label alone.
_BY_LABEL = {state.label: state.value for state in MILESTONE.states}
_GRAPHS = {
    "milestone": MILESTONE,
    "participation": PARTICIPATION,
    "quarterlyupdate": UPDATE,
    "expertrequest": REQUEST,
    "indicator": INDICATOR_VALUE,
    "indicatorvalue": INDICATOR_VALUE,
    "plan": PLAN,
    "result": RESULT,
}
NOUNS = {
    "milestone": "Milestone",
    "participation": "Status of the engagement",
    "quarterlyupdate": "Quarterly update",
    "expertrequest": "Expert request",
    "engagementrole": "Role",
    "engagement": "Engagement",
    "comment": "Comment",
    "document": "Document",
    "record": "Decision, meeting or note",
    "indicator": "Indicator",
    "indicatorvalue": "Value of an indicator",
    "feed": "Feed",
    "risk": "Risk",
    "ledgerentry": "Transaction",
    "budgetline": "Budget line",
    "ledgermapping": "Reading of a finance table",
    "tablemapping": "Saved column map",
    "tableimport": "Import",
    "contact": "Contact",
    "plan": "Plan",
    "planintervention": "Intervention",
    "plantract": "Tracts of the plan",
    "planmilestone": "Linked milestone",
    "plandocument": "Linked document",
    "project": "Project",
    "result": "Result",
    "searchrecord": "Search for a result",
    "replyrequest": "Request for a reply",
    "pilot": "Pilot",
    "pilotcity": "City of a pilot",
    "pilotlink": "Link of a pilot",
    "dataagreement": "Data agreement",
    "webhook": "Webhook",
    "projectplan": "Plan of a project",
    "milestonedependency": "Dependency",
    "recordplace": "Call of two cities",
    "hoursentry": "Hours",
    "localnote": "Local note",
    "initiative": "Initiative",
    "progressentry": "Log entry",
    "publicrecordmark": "Public-records mark",
    "publicrecordexport": "Public-records export",
}
FIELDS = {
    "due_on": "Due",
    "owner_id": "Owner",
    "done_on": "Done on",
    "started_on": "Started on",
    "began_on": "Began on",
    "needs_approval": "Needs approval",
    "acceptance_evidence": "What shows that it is done",
    "funder_note": "Sentence for funders",
    "repeats": "Repeats",
    "repeats_until": "Repeats until",
    "archived_at": "Archived",
    "archived_by_id": "Archived by",
    "approved_at": "Approved",
    "approved_by_id": "Approved by",
    "user_id": "Person",
    "what_we_did": "What we did",
    "what_we_learned": "What we learned",
    "what_we_changed": "What we changed",
    "what_we_need": "What we need",
    "baseline_on": "Baseline of",
    "target_on": "Target for",
    "every_months": "Months between values",
    "outcome_family": "Outcome family",
    "counts_people": "Counts people reached",
    "is_unduplicated": "Each person once",
    "no_interval_reason": "Why there is no interval",
    "change_reason": "Why it was reopened",
    "change_words": "In words",
    "opened_on": "Seen since",
    "closed_on": "Closed",
    "outcome": "How it ended",
    "mitigation": "What is done about it",
    "takeup": "Take-up",
    "cost_usd": "Cost in dollars",
    "cost_basis": "The cost is",
    "budget_usd": "Budget in dollars",
    "study_takeup": "Take-up in the study",
    "itt_reason": "On the study's take-up",
    "evidence_id": "Row of evidence",
    "evidence_version": "Version of the evidence",
    "offered": "People offered it",
    "cost_price_year": "In prices of",
    "duration_months": "Months",
    "transport": "How much carries over",
    "transport_low": "At least",
    "transport_high": "At most",
    "transport_mode": "Most likely",
    "transport_reason": "Why so much carries over",
    "area_rule": "Rule of the area",
    "public_by_id": "Made public by",
    "public_at": "Made public",
    "closed_by_id": "Closed by",
    "cost_per_child_usd": "Cost for each child",
    "what_happened": "What happened",
    "starts_on": "Starts on",
    "ends_on": "Ends on",
    "ended_on": "Ended on",
    "panel_path": "Figure",
}
# Where a row lies in the database, not what it says.
HIDDEN_FIELDS = frozenset(
    {
        "engagement_id",
        "initiative_id",
        "city_id",
        "milestone_id",
        "position",
        "created_at",
        "uploaded_at",
        "asked_at",
        "entered_at",
        "indicator_id",
        "plan_id",
        "document_id",
        "revision",
        "entered_by_id",
        "given_by_id",
        "written_by_id",
        "uploaded_by_id",
        "is_fictional",
        "request_id",
        "update_id",
        "precision",
        "seed",
        "seed_key",
        "seed_sha256",
        "project_id",
        "result_id",
        "search_id",
        "contact_id",
        "organisation_id",
        "asked_by_id",
        "repeats_from",
        "repeats_by_id",
        "repeat_number",
        "repeat_of_id",
    }
)
TASK_VERBS = {
    "do": "Due:",
    "review": "Review",
    "approve": "Approve",
    "publish": "Publish",
    "finish": "Finish",
    "answer": "Answer",
    "read": "Read",
    "remind": "",  # its title says it all
}
VERBS = {"insert": "added", "update": "changed", "delete": "removed"}
# What people did, before the name of the thing; a verb that is not here stands as it is.
FEED_VERBS = {
    "commented": "commented on",
    "entered": "entered values for",
    "linked": "added a dependency to",
    "logged": "logged progress on",
    "moved": "changed the status of",
    "placed": "named the tracts of",
    "read": "read values for",
    "unlinked": "removed a dependency from",
}


PAGES = {
    "accessreview": "access_review",
    "milestone": "milestone",
    "quarterlyupdate": "update",
    "expertrequest": "request",
    "document": "document_about",
    "feed": "feed",
    "indicator": "indicator",
    "ledgerentry": "money_entry",
    "plan": "plan",
    "pilot": "pilot",
    "result": "result",
    "replyrequest": "reply",
}


# Pages of an engagement on which something is done that is no row yet, or several rows; `pk` of a quarter: 20264.
_LISTS = {
    "quarter": "/engagements/{slug}/updates/new/?quarter={pk}",
    "milestonelist": "/engagements/{slug}/milestones/",
}


def status_mark(value: str | None, label: str) -> str:
    """Mark and word of a status; below the team `value` is None and the label stands alone."""
    value = value or _BY_LABEL.get(label, "planned")
    kind, sign = _TAGS.get(value, ("quiet", "ring"))
    return format_html('<span class="tag tag-{}">{}{}</span>', kind, icon(sign), label)


def status_icon(value: str) -> SafeString:
    """The mark alone, in its color, where the word stands beside it."""
    kind, sign = _TAGS.get(value, ("quiet", "ring"))
    return format_html('<span class="mark-{}">{}</span>', kind, icon(sign))


def day_label(value: date | None, precision: str = "day") -> str:
    """Nov 23, 2026; Nov 2026; by Nov 23, 2026."""
    if value is None:
        return "undated"
    if precision == "month":
        return format_month(value)
    return f"{'by ' if precision == 'by' else ''}{format_day(value)}"


def repeats_label(every: str, until: date | None) -> str:
    """Repeats every quarter, until Dec 31, 2027; empty for what does not."""
    if not every:
        return ""
    how = f"Repeats {_choice_label(REPEATS, every).lower()}"
    return f"{how}, until {format_day(until)}" if until else how


def noun_label(noun: str) -> str:
    return NOUNS.get(noun, noun)


def field_label(field: str) -> str:
    return FIELDS.get(field, field.removesuffix("_id").replace("_", " ").capitalize())


def verb_label(verb: str) -> str:
    return VERBS[verb]


def feed_verb(verb: str) -> str:
    return FEED_VERBS.get(verb, verb)


def visible_changes(changes) -> list:
    """Of changes, of the history or of the feed, those that say something to people."""
    return [change for change in changes if _field(change) not in HIDDEN_FIELDS]


def _field(change) -> str:
    return change[0] if isinstance(change, tuple) else change.field


def value_label(noun: str, field: str, value: object) -> str:
    """A value of the history or the feed in words."""
    if value is None or value == "" or value == []:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(_part_label(part) for part in value)
    if field == "status" and noun in _GRAPHS:
        return _choice_label(_GRAPHS[noun].choices, value)
    if field == "role":
        return ROLE_LABELS[Role(str(value))]
    if field == "repeats":
        return _choice_label(REPEATS, value)
    if field == "reason":
        return _choice_label(SLIP_REASONS, value)
    if field == "change_reason":
        return _choice_label(VALUE_CHANGE_REASONS, value)
    if field in ("likelihood", "severity"):
        return _choice_label(Risk.Level.choices, value)
    if field == "stage":
        return str(value).replace("_", "-").capitalize()
    return _time_label(value)


def _part_label(part: object) -> str:
    """One of a list: of an object what is filled in."""
    if isinstance(part, dict):
        return ", ".join(str(value) for value in part.values() if value not in (None, ""))
    return str(part)


def _choice_label(choices: Iterable[tuple[object, object]], value: object) -> str:
    """The value itself where it is no choice any more."""
    return next((str(label) for known, label in choices if known == value), str(value))


def _time_label(value: object) -> str:
    words = str(value)
    if len(words) == 10 and words[4:5] == words[7:8] == "-":
        try:
            return format_day(date.fromisoformat(words))
        except ValueError:  # a text that only looks like a day
            return words
    at = parse_datetime(words) if isinstance(value, str) and words[10:11] in ("T", " ") else value
    if isinstance(at, datetime):
        return format_instant(localtime(at))
    return words


def task_verb(verb: str) -> str:
    return TASK_VERBS[verb]


def work_url(noun: str, pk: int, slug: str | None) -> str:
    """Where a thing is read; its engagement where it has no page of its own."""
    name = PAGES.get(noun)
    if noun in _LISTS and slug:
        return _LISTS[noun].format(slug=slug, pk=pk)
    if name:
        return reverse(name, args=[pk])
    return reverse("engagement", args=[slug]) if slug else reverse("todo")
