"""What a reviewer answers before anything is approved: one list per kind of thing, each in numbered versions. Pure.

A list is never edited: a new wording is a new version after the last, and decisions keep the points they were given.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from engagements import limits

PLAN, UPDATE, VALUE, EVIDENCE, RESULT = "plan", "update", "value", "evidence", "result"
YES, NO = "yes", "no"
ANSWERS = ((YES, "Yes"), (NO, "No"))
Problems = list[tuple[str, str]]


@dataclass(frozen=True)
class Point:
    """A statement that is true or is not. `must`: nothing is approved while it is not true."""

    key: str
    statement: str
    must: bool = False


@dataclass(frozen=True)
class Checklist:
    kind: str
    version: int
    points: tuple[Point, ...]

    def point(self, key: str) -> Point | None:
        return next((point for point in self.points if point.key == key), None)


@dataclass(frozen=True)
class Answer:
    """`answer`: yes, no, or "" for none yet; `words`: with a no, what is missing and why that is no obstacle."""

    key: str
    answer: str
    words: str = ""


@dataclass(frozen=True)
class AnsweredPoint:
    """A point as a decision keeps it."""

    key: str
    statement: str
    must: bool
    answer: str
    words: str


_VERSIONS: dict[str, tuple[Checklist, ...]] = {
    PLAN: (
        Checklist(
            PLAN,
            1,
            (
                Point("target", "The plan says whom it is for: which people, of what age, and how many."),
                Point("place", "The area follows from the need, and the plan says how it was chosen."),
                Point("cost", "The cost is complete, with what it is counted by and its price year, and has a budget."),
                Point("source", "Each effect has its source, and the plan says why it should hold in this place."),
                Point("indicator", "An indicator with a baseline and a target will show whether it works."),
                Point("milestone", "Milestones say what happens by when."),
                Point("answers", "It is clear who answers for the plan: each milestone has an owner."),
            ),
        ),
    ),
    UPDATE: (
        Checklist(
            UPDATE,
            1,
            (
                Point("sources", "Every claim has a source, or says who saw it."),
                Point("outputs", "No output is called an effect: people served are not yet people helped."),
                Point("numbers", "Each number has its unit and its period."),
                Point("people", "It holds no personal data: nobody can be recognized.", must=True),
            ),
        ),
    ),
    VALUE: (
        Checklist(
            VALUE,
            1,
            (
                Point("unit", "It is in the indicator's unit and counts what the definition says."),
                Point("period", "It belongs to this period, whole and no other."),
                Point("source", "I opened the source, and it gives this number."),
                Point("outlier", "It is in line with earlier values, or its note says why not."),
            ),
        ),
    ),
    EVIDENCE: (
        Checklist(
            EVIDENCE,
            1,
            (
                Point("source", "I opened the source, and it says what stands here."),
                Point("price_year", "Dollars have the price year of the source."),
                Point("population", "The population is that of the study: who, where and when."),
                Point("margin", "The margin of error is that of the source, or it gives none."),
                Point("design", "The design is what the source describes, and no stronger."),
            ),
        ),
    ),
    RESULT: (
        Checklist(
            RESULT,
            1,
            (
                Point("sources", "I opened every source, and each says what stands here.", must=True),
                Point("design", "The design is what the source describes, and no stronger.", must=True),
                Point("numbers", "Numbers, units, groups and dates are those of the source.", must=True),
                Point("apart", "Reach, effect and context are apart: no count is called an effect.", must=True),
                Point("conflicts", "Where sources differ, all of them are named.", must=True),
                Point("words", "The public sentence claims no more than the design can show.", must=True),
                Point("people", "Nobody can be recognized in it.", must=True),
            ),
        ),
    ),
}
KINDS = tuple(_VERSIONS)


def checklist(kind: str) -> Checklist:
    """The list that is asked now."""
    return _VERSIONS[kind][-1]


def first_statements(kind: str) -> dict[str, str]:
    """Statement by key, of the first version."""
    return {point.key: point.statement for point in _VERSIONS[kind][0].points}


def field_of(key: str) -> str:
    """The name of a point's field in a form; its sentence is at `words_field_of`."""
    return f"point_{key}"


def words_field_of(key: str) -> str:
    return f"point_{key}_words"


def all_yes(kind: str) -> tuple[Answer, ...]:
    """Every point is true: what the made-up work of the demo was approved with."""
    return tuple(Answer(point.key, YES) for point in checklist(kind).points)


def check(asked: Checklist, answers: Collection[Answer], *, is_approval: bool) -> Problems:
    """What is wrong, by field. What is sent back may leave points open; what is approved may not."""
    found: Problems = []
    given = {answer.key: answer for answer in answers}
    if unknown := [answer.key for answer in answers if asked.point(answer.key) is None]:
        found.append(("checklist", f"Not on the checklist: {', '.join(sorted(set(unknown)))}."))
    if len(given) < len(answers):
        found.append(("checklist", "Answer each point once."))
    for point in asked.points:
        answer = given.get(point.key, Answer(point.key, ""))
        if answer.answer not in ("", YES, NO):
            found.append((field_of(point.key), "Answer yes or no."))
        elif len(answer.words) > limits.SENTENCE:
            found.append((words_field_of(point.key), f"Shorten it to {limits.SENTENCE} characters."))
        elif is_approval:
            found += _approval_problems(point, answer)
    return found


def _approval_problems(point: Point, answer: Answer) -> Problems:
    if not answer.answer:
        return [(field_of(point.key), "Answer this before you approve.")]
    if answer.answer == NO and point.must:
        return [(field_of(point.key), "While the answer is no, it can only be sent back.")]
    if answer.answer == NO and not answer.words.strip():
        return [(words_field_of(point.key), "Say in a sentence why not.")]
    return []


def answered(asked: Checklist, answers: Iterable[Answer]) -> tuple[AnsweredPoint, ...]:
    """Every point with its answer, in the order of the list."""
    given = {answer.key: answer for answer in answers}
    return tuple(
        AnsweredPoint(
            point.key,
            point.statement,
            point.must,
            given[point.key].answer if point.key in given else "",
            given[point.key].words.strip() if point.key in given else "",
        )
        for point in asked.points
    )
