"""A decision about what is reviewed: the checklist's points, the reason, and the step that is taken."""

from typing import TypeVar

from django import forms

from engagements import limits
from engagements.base.form_fields import typed_field
from engagements.discussion.forms.base import PlainTextField, VersionedForm
from engagements.reviews.rules.checklists import ANSWERS, Answer, checklist, field_of, words_field_of

T = TypeVar("T")


class DecisionForm(VersionedForm):
    """`kind`: of the checklist; `statuses`: (value, words); the move itself says which of them one may take.
    `is_of_one`: false where several things are decided together, each with the version that was seen.


    A second click finds the status the first one led to, so it needs no submission.
    """

    status = forms.ChoiceField()
    why = PlainTextField(label="Reason", max_length=limits.WHY, required=False)

    def __init__(self, *args, kind: str, statuses: list[tuple[str, str]], is_of_one: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["submission"]
        if not is_of_one:
            del self.fields["version"]
        typed_field(self, "status", forms.ChoiceField).choices = statuses
        self.checklist = checklist(kind)
        for point in self.checklist.points:
            self.fields[field_of(point.key)] = forms.ChoiceField(
                label=point.statement,
                choices=ANSWERS,
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[words_field_of(point.key)] = PlainTextField(
                label="Why not, in a sentence", max_length=limits.SENTENCE, required=False
            )

    def answers(self) -> tuple[Answer, ...]:
        return tuple(
            Answer(
                point.key,
                self.cleaned_data.get(field_of(point.key), ""),
                self.cleaned_data.get(words_field_of(point.key), ""),
            )
            for point in self.checklist.points
        )

    @property
    def points(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Of each point: its answer and its sentence."""
        return [(self[field_of(point.key)], self[words_field_of(point.key)]) for point in self.checklist.points]


def forward_first(steps: list[tuple[str, T]]) -> list[tuple[str, T]]:
    """Buttons in the order of a form: what goes on before what goes back."""
    return sorted(steps, key=lambda step: step[0] in ("draft", "retracted"))
