"""Declared status graphs: which move is allowed to whom, and the words for the team and for funders. Pure."""

from dataclasses import dataclass

from engagements.permissions import (
    ANSWER_REQUEST,
    APPROVE_INDICATOR,
    APPROVE_MILESTONE,
    APPROVE_PLAN,
    APPROVE_UPDATE,
    ASK_REQUEST,
    EDIT_INDICATOR,
    EDIT_MILESTONE,
    EDIT_PLAN,
    EDIT_RECORD,
    EDIT_RESULT,
    EDIT_UPDATE,
    LOG_PROGRESS,
    REVIEW_EVIDENCE,
    REVIEW_INDICATOR,
    REVIEW_PLAN,
    REVIEW_RESULT,
    REVIEW_UPDATE,
)


class MoveRefused(ValueError):
    """A move the graph doesn't have, or not for this person; the text says which."""


@dataclass(frozen=True)
class State:
    """A status: `label` for the team, `funder_label` for everybody else, `is_open` while work is left."""

    value: str
    label: str
    funder_label: str
    is_open: bool = True


@dataclass(frozen=True)
class Move:
    """`permission` to make it; `with_approval` replaces it where the engagement asks for approval (None: closed)."""

    start: str
    end: str
    permission: str
    with_approval: str | None = "same"

    def needs(self, needs_approval: bool) -> str | None:
        return self.permission if not needs_approval or self.with_approval == "same" else self.with_approval


@dataclass(frozen=True)
class StatusWorkflow:
    name: str
    first: str
    states: tuple[State, ...]
    moves: tuple[Move, ...]

    def state(self, value: str) -> State:
        """Raises MoveRefused for a status nobody declared."""
        for state in self.states:
            if state.value == value:
                return state
        raise MoveRefused(f"A {self.name} is never “{value}”.")

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(state.value, state.label) for state in self.states]

    @property
    def open_values(self) -> tuple[str, ...]:
        return tuple(state.value for state in self.states if state.is_open)

    def next_states(self, start: str, held: frozenset[str], *, needs_approval: bool = False) -> tuple[State, ...]:
        """Where somebody with these permissions may take it from here."""
        ends = {m.end for m in self.moves if m.start == start and m.needs(needs_approval) in held}
        return tuple(state for state in self.states if state.value in ends)

    def check_move(self, start: str, end: str, held: frozenset[str], *, needs_approval: bool = False) -> State:
        """The state it moves to. Staying is no move and always allowed. Raises MoveRefused."""
        target, origin = self.state(end), self.state(start)
        if start == end or target in self.next_states(start, held, needs_approval=needs_approval):
            return target
        if any(m.start == start and m.end == end and m.needs(needs_approval) for m in self.moves):
            raise MoveRefused(f"From “{origin.label}” to “{target.label}” is for others to decide.")
        raise MoveRefused(f"A {self.name} doesn't go from “{origin.label}” to “{target.label}”.")


# Statuses that are asked for together. What is unfinished is `open_values` of the graph.
MILESTONE_AT_WORK = ("in_progress", "at_risk", "blocked")  # begun, and not yet handed in for review
UPDATE_EDITABLE = ("draft", "in_review")
UPDATE_WITH_APPROVER = ("in_review", "approved")  # the approver's turn: to approve, then to publish
UPDATE_APPROVED = ("approved", "published")
PARTICIPATION_AT_WORK = ("announced", "active")  # a team is expected to do something; not while paused
PLAN_EDITABLE = ("draft", "in_review")
PLAN_PUBLISHED = ("published", "closed")  # others than the team read it
PLAN_APPROVED = ("approved", *PLAN_PUBLISHED)
INDICATOR_VALUE_APPROVED = ("approved", "locked")  # figures are made of these, and they can't be edited


def _working_moves() -> tuple[Move, ...]:
    """Work goes back and forth between the statuses at work as it likes."""
    moves = [Move(a, b, LOG_PROGRESS) for a in MILESTONE_AT_WORK for b in MILESTONE_AT_WORK if a != b]
    moves += [Move("planned", b, LOG_PROGRESS) for b in MILESTONE_AT_WORK]
    for start in ("planned", *MILESTONE_AT_WORK):
        moves.append(Move(start, "awaiting_review", LOG_PROGRESS))
        moves.append(Move(start, "done", LOG_PROGRESS, with_approval=None))
        moves.append(Move(start, "cancelled", EDIT_MILESTONE))
    return tuple(moves)


# One label for everybody: a blocked milestone reads "Blocked" to a funder too. Why it is blocked stays with the team.
MILESTONE = StatusWorkflow(
    name="milestone",
    first="planned",
    states=(
        State("planned", "Not started", "Not started"),
        State("in_progress", "In progress", "In progress"),
        State("at_risk", "At risk", "At risk"),
        State("blocked", "Blocked", "Blocked"),
        State("awaiting_review", "Awaiting review", "Awaiting review"),
        State("done", "Done", "Done", is_open=False),
        State("cancelled", "Canceled", "Canceled", is_open=False),
    ),
    moves=(
        *_working_moves(),
        Move("awaiting_review", "done", LOG_PROGRESS, with_approval=APPROVE_MILESTONE),
        Move("awaiting_review", "in_progress", LOG_PROGRESS),
        Move("done", "in_progress", EDIT_MILESTONE, with_approval=APPROVE_MILESTONE),
        Move("cancelled", "planned", EDIT_MILESTONE),
    ),
)

MILESTONE_DONE_LABELS = (MILESTONE.state("done").label,)

UPDATE = StatusWorkflow(
    name="quarterly update",
    first="draft",
    states=(
        State("draft", "Draft", "Not published yet"),
        State("in_review", "In review", "Not published yet"),
        State("approved", "Approved", "Not published yet"),
        State("published", "Published", "Published", is_open=False),
    ),
    moves=(
        Move("draft", "in_review", EDIT_UPDATE),
        Move("in_review", "draft", REVIEW_UPDATE),
        Move("in_review", "approved", APPROVE_UPDATE),
        Move("approved", "in_review", APPROVE_UPDATE),
        Move("approved", "published", APPROVE_UPDATE),
        Move("published", "draft", APPROVE_UPDATE),  # a new version; the published one stays readable
    ),
)

REQUEST = StatusWorkflow(
    name="request",
    first="open",
    states=(
        State("open", "Open", "Open"),
        State("answered", "Answered", "Answered"),
        State("closed", "Closed", "Closed", is_open=False),
    ),
    moves=(
        Move("open", "answered", ANSWER_REQUEST),
        Move("answered", "open", ASK_REQUEST),
        Move("answered", "closed", ASK_REQUEST),
        Move("open", "closed", ASK_REQUEST),
        Move("answered", "closed", ANSWER_REQUEST),
        Move("closed", "open", ASK_REQUEST),
    ),
)

PARTICIPATION = StatusWorkflow(
    name="participation",
    first="announced",
    states=(
        State("announced", "Announced", "Announced"),
        State("active", "Active", "Active"),
        State("paused", "Paused", "Paused"),
        State("completed", "Completed", "Completed", is_open=False),
        # Also where no source says that a city left: only that it took no further part.
        State("withdrawn", "Did not continue", "Did not continue", is_open=False),
    ),
    moves=(
        *(Move("announced", end, EDIT_RECORD) for end in ("active", "withdrawn")),
        *(Move("active", end, EDIT_RECORD) for end in ("paused", "completed", "withdrawn")),
        *(Move("paused", end, EDIT_RECORD) for end in ("active", "completed", "withdrawn")),
        Move("completed", "active", EDIT_RECORD),
        Move("withdrawn", "active", EDIT_RECORD),
    ),
)

EVIDENCE = StatusWorkflow(
    name="row of evidence",
    first="draft",
    states=(
        State("draft", "Not reviewed yet", "Not reviewed yet"),
        State("reviewed", "Reviewed", "Reviewed", is_open=False),
    ),
    moves=(Move("draft", "reviewed", REVIEW_EVIDENCE), Move("reviewed", "draft", REVIEW_EVIDENCE)),
)

PLAN = StatusWorkflow(
    name="plan",
    first="draft",
    states=(
        State("draft", "Draft", "Not published yet"),
        State("in_review", "In expert review", "Not published yet"),
        State("reviewed", "Reviewed", "Not published yet"),
        State("approved", "Approved", "Not published yet"),
        State("published", "Published", "Published"),
        State("closed", "Closed", "Closed", is_open=False),
    ),
    moves=(
        Move("draft", "in_review", EDIT_PLAN),
        Move("in_review", "draft", REVIEW_PLAN),
        Move("in_review", "reviewed", REVIEW_PLAN),
        Move("reviewed", "draft", EDIT_PLAN),
        Move("reviewed", "approved", APPROVE_PLAN),
        Move("reviewed", "in_review", APPROVE_PLAN),
        Move("approved", "draft", EDIT_PLAN),
        Move("approved", "published", APPROVE_PLAN),
        Move("published", "draft", EDIT_PLAN),  # a revision; what was published stays readable
        Move("published", "closed", EDIT_PLAN),
        Move("closed", "published", APPROVE_PLAN),
    ),
)

INDICATOR_VALUE = StatusWorkflow(
    name="value",
    first="draft",
    states=(
        State("draft", "Draft", "Not approved yet"),
        State("in_review", "In review", "Not approved yet"),
        State("approved", "Approved", "Approved", is_open=False),
        State("locked", "Locked", "Approved", is_open=False),
    ),
    moves=(
        Move("draft", "in_review", EDIT_INDICATOR),
        Move("in_review", "draft", REVIEW_INDICATOR),
        Move("in_review", "approved", APPROVE_INDICATOR),
        Move("approved", "locked", APPROVE_INDICATOR),
        Move("locked", "approved", APPROVE_INDICATOR),
        Move("approved", "draft", APPROVE_INDICATOR),  # with a coded reason
    ),
)

RESULT = StatusWorkflow(
    name="result",
    first="draft",
    states=(
        State("draft", "Draft", "Not published yet"),
        State("in_review", "In review", "Not published yet"),
        State("published", "Published", "Published", is_open=False),
        State("retracted", "Retracted", "Retracted", is_open=False),
    ),
    moves=(
        Move("draft", "in_review", EDIT_RESULT),
        Move("in_review", "draft", REVIEW_RESULT),
        Move("in_review", "published", REVIEW_RESULT),
        Move("published", "draft", EDIT_RESULT),  # a correction; what was published stays readable
        Move("published", "retracted", REVIEW_RESULT),
        Move("retracted", "draft", REVIEW_RESULT),
    ),
)

RESULT_CHOICES = RESULT.choices  # as the API's schema names them

VALUE_CHANGE_REASONS = (
    ("entry_error", "Typed wrongly"),
    ("source_error", "The source was wrong"),
    ("late_data", "Data came late"),
    ("definition", "The definition changed"),
    ("duplicate", "People were counted twice"),
    ("other", "Other"),
)

# How often a milestone comes back, and after how many months.
REPEATS = (("monthly", "Every month"), ("quarterly", "Every quarter"), ("yearly", "Every year"))
REPEAT_MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}

SLIP_REASONS = (
    ("capacity", "Capacity"),
    ("procurement", "Procurement"),
    ("data", "Data"),
    ("partner", "Partner"),
    ("legal", "Legal"),
    ("emergency", "Weather or emergency"),
    ("scope", "Scope"),
    ("other", "Other"),
)


_WAY = ("draft", "in_review", "reviewed", "approved", "published", "closed")  # of what is written, reviewed and shown


def sends_back(start: str, end: str) -> bool:
    """Whether a move from `start` takes back a step of a review, or what was published.

    >>> sends_back("in_review", "draft"), sends_back("in_review", "approved"), sends_back("published", "retracted")
    (True, False, True)
    """
    if end == "retracted":
        return True
    return start in _WAY and end in _WAY and _WAY.index(end) < _WAY.index(start)
