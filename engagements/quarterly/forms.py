"""The form behind a link: the four parts, the version that was seen, and whether it is sent in."""

from django import forms

from engagements.discussion.forms.base import IdempotentForm
from engagements.discussion.forms.updates import LABELS, text_fields
from engagements.models import QuarterlyUpdate


class LinkedUpdateForm(IdempotentForm):
    """`version` is empty while there is no draft yet."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)
    act = forms.ChoiceField(choices=[("save", "save"), ("submit", "submit")], required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["submission"]  # the link itself is used once, and saving twice saves the same
        self.fields |= text_fields()

    @classmethod
    def of(cls, update: QuarterlyUpdate | None, words: dict[str, str]) -> "LinkedUpdateForm":
        """The draft, or where there is none the words of the quarter's log."""
        texts = {name: getattr(update, name) for name in LABELS} if update else words
        return cls(initial={**texts, "version": update.version if update else None})

    @property
    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in LABELS}

    @property
    def is_submitted(self) -> bool:
        return self.cleaned_data.get("act") == "submit"
