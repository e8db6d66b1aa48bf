"""Comments, documents and records."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from engagements import limits
from engagements.base.form_fields import typed_field
from engagements.base.form_layout import Fold, FoldedForm
from engagements.discussion.files.acceptance import accept
from engagements.discussion.files.capped_upload import MAX_BYTES
from engagements.discussion.files.file_types import ACCEPTED, CHOOSE
from engagements.discussion.forms.base import DayField, IdempotentForm, PlainTextField, VersionedForm
from engagements.models.discussion import VISIBILITIES
from engagements.models.records import Record
from engagements.permissions import writable_levels

SEVERAL = forms.CheckboxSelectMultiple


class LevelField(forms.ChoiceField):
    """Who may read it: of the levels this person may write at, the narrowest first."""

    def __init__(self, **options):
        super().__init__(label="Who may read it", choices=VISIBILITIES, **options)

    def offer(self, held: frozenset[str]) -> None:
        levels = [level.value for level in writable_levels(held)]
        self.choices = [(value, words) for value, words in VISIBILITIES if value in levels]
        self.initial = levels[0] if levels else None


class CommentForm(IdempotentForm):
    body = PlainTextField(
        label="Comment", rows=4, max_length=limits.BODY, help_text="@name or @name@example.org mentions someone."
    )
    visibility = LevelField()
    mentions = forms.TypedMultipleChoiceField(
        label="Mention", coerce=int, required=False, widget=SEVERAL, help_text="They get a mail at once."
    )

    def __init__(self, *args, held: frozenset[str], people: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        typed_field(self, "visibility", LevelField).offer(held)
        typed_field(self, "mentions", forms.TypedMultipleChoiceField).choices = people


class CommentChangeForm(VersionedForm):
    body = PlainTextField(label="Comment", rows=4, max_length=limits.BODY)


class DocumentForm(IdempotentForm):
    file = forms.FileField(
        label="File",
        max_length=None,
        help_text=f"{ACCEPTED}, up to {MAX_BYTES // 10**6} MB. Place, time and camera are taken out of photographs.",
        error_messages={"empty": "The file is empty. Choose it again, or save it again."},
        widget=forms.FileInput(attrs={"accept": CHOOSE}),
    )
    title = PlainTextField(
        label="Title", max_length=limits.TITLE, required=False, help_text="Empty: the name of the file."
    )
    visibility = LevelField()
    shows_people = forms.BooleanField(label="It shows people who can be recognized", required=False)
    has_consent = forms.BooleanField(label="They agreed to be shown", required=False)
    keep_original = forms.BooleanField(
        label="Keep the original photo too",
        required=False,
        help_text="It may tell the place, the time and the camera. Readers of the document can download it.",
    )

    def __init__(self, *args, held: frozenset[str], **kwargs):
        super().__init__(*args, **kwargs)
        typed_field(self, "visibility", LevelField).offer(held)

    def clean(self):
        super().clean()
        found = self.cleaned_data
        if found.get("shows_people") and not found.get("has_consent"):
            self.add_error("has_consent", "A photograph of people needs their consent.")
        if upload := found.get("file"):
            kept = {name: bool(found.get(name)) for name in ("shows_people", "has_consent", "keep_original")}
            try:
                self.new_file = accept(
                    upload, title=found.get("title") or "", visibility=found.get("visibility") or "team", **kept
                )
            except ValidationError as refused:
                self.refuse(refused)
        return found


class RecordForm(FoldedForm, IdempotentForm):
    FIRST = ("kind", "on", "title", "body", "visibility")
    WIDE = frozenset({"title"})
    FOLDS = (Fold(_("Who was there"), ("attendees",)),)

    kind = forms.ChoiceField(label="What", choices=Record.Kind.choices)
    title = PlainTextField(label="In one line", max_length=limits.TITLE)
    on = DayField(label="Day")
    body = PlainTextField(label="Notes", rows=6, max_length=limits.LONG_BODY, required=False)
    visibility = LevelField()
    attendees = forms.TypedMultipleChoiceField(label="Who was there", coerce=int, required=False, widget=SEVERAL)

    def __init__(self, *args, held: frozenset[str], people: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        typed_field(self, "visibility", LevelField).offer(held)
        typed_field(self, "attendees", forms.TypedMultipleChoiceField).choices = people


class RecordChangeForm(VersionedForm):
    title = PlainTextField(label="In one line", max_length=limits.TITLE)
    on = DayField(label="Day")
    body = PlainTextField(label="Notes", rows=6, max_length=limits.LONG_BODY, required=False)
    visibility = LevelField()

    def __init__(self, *args, held: frozenset[str], **kwargs):
        super().__init__(*args, **kwargs)
        typed_field(self, "visibility", LevelField).offer(held)
