"""What can be logged, one form a kind: a status, a call or meeting, a decision, hours, a note, a file or photo."""

from decimal import Decimal
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements import limits
from engagements.discussion.actions.documents import NewFile
from engagements.discussion.files.acceptance import accept
from engagements.discussion.files.file_types import CHOOSE
from engagements.discussion.forms.base import DayField, IdempotentForm, PlainTextField
from engagements.milestones.actions.progress import NewDueDate
from engagements.milestones.queries.log_choices import LogChoice
from engagements.workflow import MILESTONE, SLIP_REASONS

_ONE_LINE = {"rows": 1, "data-grows": "", "data-enter-sends": "", "enterkeyhint": "send", "autocomplete": "off"}
_LINE = {"data-line": str(limits.LINE), "data-limit": str(limits.LONG_BODY)}


def _long_text(label: Any, **options: Any) -> PlainTextField:
    """A text of which nothing is cut: no `maxlength`, which cuts what is pasted without a word."""
    rows = options.pop("rows", 3)
    return PlainTextField(label=label, rows=rows, max_length=limits.LONG_BODY, **options)


class FileFields(forms.Form):
    """A file or photo with what must be known about it; `new_file` after a valid form, None where none was chosen."""

    file = forms.FileField(
        label=gettext_lazy("File or photo"),
        required=False,
        max_length=None,
        error_messages={
            "empty": gettext_lazy("The file is empty. Choose it again, or save it again."),
            "required": gettext_lazy("Choose a file or a photo."),
        },
        widget=forms.FileInput(attrs={"accept": CHOOSE}),
    )
    shows_people = forms.BooleanField(label=gettext_lazy("It shows people who can be recognized"), required=False)
    has_consent = forms.BooleanField(label=gettext_lazy("They agreed to be shown"), required=False)
    keep_original = forms.BooleanField(
        label=gettext_lazy("Keep the original photo too, with its place and time"), required=False
    )
    new_file: NewFile | None = None

    def read_file(self, title: str = "") -> None:
        """Checks the file by its bytes; a photo loses place, time and camera."""
        found = self.cleaned_data
        if not found.get("file"):
            return
        if found["shows_people"] and not found["has_consent"]:
            self.add_error("has_consent", _("A photograph of people needs their consent: ask them first."))
            return
        kept = {name: found[name] for name in ("shows_people", "has_consent", "keep_original")}
        try:
            self.new_file = accept(found["file"], title=title, **kept)
        except ValidationError as refused:
            self.add_error(None, refused)


class LogForm(FileFields, IdempotentForm):
    """A status. `version` counts only for the milestone `version_of`: another may be chosen meanwhile."""

    milestone = forms.IntegerField(error_messages={"required": gettext_lazy("Choose the milestone.")})
    status = forms.ChoiceField(
        choices=MILESTONE.choices,
        error_messages={
            "required": gettext_lazy("Choose where it stands now."),
            "invalid_choice": gettext_lazy("Choose where it stands now."),
        },
    )
    line = PlainTextField(
        label=gettext_lazy("What happened? (one sentence)"),
        max_length=limits.LONG_BODY,
        widget=forms.Textarea(attrs=_ONE_LINE | _LINE),
        error_messages={"required": gettext_lazy("Write what happened in one sentence.")},
    )
    due_on = DayField(label=gettext_lazy("New due date"), required=False)
    slip_reason = forms.ChoiceField(
        label=gettext_lazy("Why it moves"),
        required=False,
        choices=[("", gettext_lazy("Choose a reason")), *SLIP_REASONS],
    )
    slip_words = PlainTextField(label=gettext_lazy("Details"), required=False, max_length=limits.WHY)
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
        super().clean()
        found = self.cleaned_data
        if (found.get("slip_reason") or found.get("slip_words")) and not found.get("due_on"):
            self.add_error("due_on", _("Give the new due date, or leave out why it moves."))
        self.read_file()
        return found

    def action_arguments(self) -> dict[str, Any]:
        """Arguments of the action; valid forms only."""
        typed = self.cleaned_data
        seen = typed["version"] if typed["version_of"] == typed["milestone"] else None
        kept = {name: typed[name] for name in ("milestone", "status", "line", "submission")}
        due = NewDueDate(typed["due_on"], typed["slip_reason"], typed["slip_words"]) if typed["due_on"] else None
        return kept | {"expected_version": seen, "file": self.new_file, "new_due_date": due}


class CityForm(IdempotentForm):
    """What is logged about an engagement: which one, and the day."""

    engagement = forms.TypedChoiceField(
        label=gettext_lazy("City"),
        coerce=int,
        error_messages={
            "required": gettext_lazy("Choose the city."),
            "invalid_choice": gettext_lazy("Choose the city."),
        },
    )
    on = DayField(label=gettext_lazy("Day"))

    def __init__(self, *args: Any, cities: list[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        cast(forms.TypedChoiceField, self.fields["engagement"]).choices = cities


class SeveralCitiesForm(CityForm):
    """About one city, or about more than one at once."""

    also = forms.TypedMultipleChoiceField(
        label=gettext_lazy("It was about another city too"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Choose cities of the list.")},
    )

    def __init__(self, *args: Any, cities: list[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, cities=cities, **kwargs)
        cast(forms.TypedMultipleChoiceField, self.fields["also"]).choices = cities

    @property
    def places(self) -> dict[str, Any]:
        """The engagement and the others, for an action; valid forms only."""
        typed = self.cleaned_data
        return {"engagement": typed["engagement"], "also": [pk for pk in typed["also"] if pk != typed["engagement"]]}


def hours_field(**options: Any) -> forms.DecimalField:
    """Hours as people write them: 1.5. Units and smallest step are said in the label."""
    return forms.DecimalField(
        max_digits=4,
        decimal_places=2,
        min_value=Decimal("0.01"),
        max_value=24,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.25", "min": "0.25", "max": "24"}),
        error_messages={
            "invalid": gettext_lazy("Write hours as a number, such as 1.5."),
            "min_value": gettext_lazy("More than 0 hours."),
            "max_value": gettext_lazy("A day has 24 hours."),
        },
        **options,
    )


class CallForm(SeveralCitiesForm):
    present = PlainTextField(label=gettext_lazy("Who was there?"), max_length=limits.LINE, required=False)
    decided = _long_text(gettext_lazy("What was decided?"), required=False, rows=4)
    next_step = PlainTextField(label=gettext_lazy("Next step"), max_length=limits.TITLE, required=False)
    next_on = DayField(label=gettext_lazy("By when"), required=False)
    questions = _long_text(gettext_lazy("What is still open? One question a line"), required=False)
    notes = _long_text(gettext_lazy("Notes"), required=False)
    hours = hours_field(label=gettext_lazy("Your hours"), required=False)

    def clean(self) -> dict[str, Any]:
        super().clean()
        found = self.cleaned_data
        if found.get("next_step") and not found.get("next_on") and "next_on" not in self.errors:
            self.add_error("next_on", _("Say by when."))
        if found.get("next_on") and not found.get("next_step") and "next_step" not in self.errors:
            self.add_error("next_step", _("Say what the next step is."))
        told = ("present", "decided", "questions", "notes", "next_step")
        if not any(found.get(name) for name in told) and not any(name in self.errors for name in told):
            self.add_error("decided", _("Write down who was there, what was decided, or a note."))
        return found

    def action_arguments(self) -> dict[str, Any]:
        names = ("present", "decided", "next_step", "next_on", "questions", "notes", "hours", "on", "submission")
        return self.places | {name: self.cleaned_data[name] for name in names}


class DecisionForm(SeveralCitiesForm):
    text = _long_text(
        gettext_lazy("What was decided?"), error_messages={"required": gettext_lazy("Write what was decided.")}
    )


class NoteForm(SeveralCitiesForm):
    text = _long_text(
        gettext_lazy("Note"), rows=6, error_messages={"required": gettext_lazy("Write what you want to keep.")}
    )


class HoursForm(CityForm):
    hours = hours_field(
        label=gettext_lazy("Hours you worked"),
    )
    what = PlainTextField(
        label=gettext_lazy("On what? (one sentence)"),
        max_length=limits.LONG_BODY,
        widget=forms.Textarea(attrs=_ONE_LINE | _LINE),
        error_messages={"required": gettext_lazy("Write what the hours went into.")},
    )


class FileForm(FileFields, CityForm):
    title = PlainTextField(label=gettext_lazy("Title"), max_length=limits.TITLE, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["file"].required = True
        del self.fields["on"]  # a document has the day on which it came

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.read_file(self.cleaned_data.get("title") or "")
        return self.cleaned_data
