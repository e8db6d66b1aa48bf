"""What the API takes for a checklist, of whatever is reviewed."""

from rest_framework import serializers

from engagements import limits
from engagements.base.api.inputs import StrictSerializer
from engagements.reviews.rules.checklists import ANSWERS, Answer, checklist


class _AnswerInput(StrictSerializer):
    answer = serializers.ChoiceField(ANSWERS)
    words = serializers.CharField(
        required=False, allow_blank=True, max_length=limits.SENTENCE, help_text="a sentence, required with no"
    )


def checklist_field(kind: str) -> serializers.ListField:
    """`point`, `answer` and `words` for each point; complete to approve."""
    asked = checklist(kind)
    points = [(point.key, point.statement) for point in asked.points]
    made = type(f"{kind.capitalize()}ChecklistAnswer", (_AnswerInput,), {"point": serializers.ChoiceField(points)})
    return made(many=True, required=False, max_length=len(points), help_text="every point, to approve")


def answers_of(asked: dict) -> tuple[Answer, ...]:
    """Takes the checklist out of what was read."""
    return tuple(Answer(each["point"], each["answer"], each.get("words", "")) for each in asked.pop("checklist", ()))
