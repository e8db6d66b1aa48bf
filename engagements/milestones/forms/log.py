"""Logging progress: which milestone, its status now, one line."""

from typing import Any
from uuid import uuid4

from django import forms

from engagements import limits
from engagements.discussion.files.acceptance import accept
from engagements.milestones.queries.log_choices import LogChoice
from engagements.workflow import MILESTONE


class LogForm(forms.Form):
    """`version` counts only for the milestone it belongs to, `version_of`: another may be chosen meanwhile."""

    milestone = forms.IntegerField(error_messages={"required": "Choose the milestone."})
    status = forms.ChoiceField(
        choices=MILESTONE.choices,
        error_messages={"required": "Choose where it stands now.", "invalid_choice": "Choose where it stands now."},
    )
    line = forms.CharField(
        max_length=limits.LONG_BODY,
        error_messages={"required": "Write what happened in one sentence."},
    )
    file = forms.FileField(
        required=False,
        max_length=None,
        error_messages={"empty": "The file is empty. Choose it again, or save it again."},
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.webp,.csv,.txt,.docx,.xlsx,.pptx"}),
    )
    shows_people = forms.BooleanField(required=False)
    has_consent = forms.BooleanField(required=False)
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

    def clean(self) -> dict[str, Any]:
        """Checks the file by its bytes; a photograph loses place, time and camera."""
        super().clean()
        found = self.cleaned_data
        if found.get("file"):
            consent = {name: found[name] for name in ("shows_people", "has_consent")}
            if found["shows_people"] and not found["has_consent"]:
                self.add_error("has_consent", "A photograph of people needs their consent: ask them first.")
            else:
                found["file"] = accept(found["file"], **consent)
        return found

    def action_arguments(self) -> dict[str, Any]:
        """Arguments of the action; valid forms only."""
        typed = self.cleaned_data
        seen = typed["version"] if typed["version_of"] == typed["milestone"] else None
        kept = {name: typed[name] for name in ("milestone", "status", "line", "file", "submission")}
        return kept | {"expected_version": seen}
