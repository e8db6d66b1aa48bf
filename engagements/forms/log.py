"""Logging progress: which milestone, its status now, one line."""

from uuid import uuid4

from django import forms

from engagements.queries import LogChoice
from engagements.workflow import MILESTONE


class LogForm(forms.Form):
    """`version` counts only for the milestone it belongs to, `version_of`: another may be chosen meanwhile."""

    milestone = forms.IntegerField(error_messages={"required": "Choose the milestone."})
    status = forms.ChoiceField(
        choices=MILESTONE.choices,
        error_messages={"required": "Choose where it stands now.", "invalid_choice": "Choose where it stands now."},
    )
    line = forms.CharField(
        max_length=500,
        error_messages={
            "required": "Say in one line what happened.",
            "max_length": "One line: 500 characters at most.",
        },
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(required=False)
    version_of = forms.IntegerField(required=False)

    @classmethod
    def about(cls, choice: LogChoice) -> "LogForm":
        """Ready to be sent: planned work that is logged has begun."""
        status = "in_progress" if choice.status == "planned" else choice.status
        return cls(
            initial={
                "milestone": choice.pk,
                "status": status,
                "submission": uuid4(),
                "version": choice.version,
                "version_of": choice.pk,
            }
        )

    def deed(self) -> dict[str, object]:
        """Arguments of the action; valid forms only."""
        typed = self.cleaned_data
        seen = typed["version"] if typed["version_of"] == typed["milestone"] else None
        return {name: typed[name] for name in ("milestone", "status", "line", "submission")} | {
            "expected_version": seen
        }
