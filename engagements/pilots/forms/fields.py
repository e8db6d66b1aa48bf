"""Fields of the registration form that hold a part of a plain draft: lists as text, numbers, choices."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from engagements import limits
from engagements.discussion.forms.base import PlainTextField
from engagements.pilots.rules.check_design import looks_sentence
from engagements.results.forms.fields import number_field, whole_field

Words = Any  # a text, or one that is translated when it is shown


class ListField(PlainTextField):
    """Words with commas between them; a list, without blanks and empty ones."""

    def clean(self, value: Any) -> list[str]:
        return [part.strip() for part in super().clean(value).replace("\n", ",").split(",") if part.strip()]

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(one) for one in value) if isinstance(value, list | tuple) else value


class LooksField(ListField):
    """Shares of the data at which somebody looks."""

    def clean(self, value: Any) -> list[float]:  # type: ignore[override]
        found = []
        for part in super().clean(value):
            try:
                found.append(float(part))
            except ValueError as wrong:
                raise forms.ValidationError(_("Give numbers with commas between them, such as 0.5, 1.")) from wrong
        if sentence := looks_sentence(found):
            raise forms.ValidationError(sentence)
        return found


class ChosenField(forms.ChoiceField):
    """None for the empty choice."""

    def clean(self, value: Any) -> str | None:
        return super().clean(value) or None


def text(label: Words, hint: Words = "", rows: int = 0, most: int = limits.DEFINITION) -> PlainTextField:
    return PlainTextField(label=label, help_text=hint, rows=rows, max_length=most, required=False)


def short(label: Words, hint: Words = "") -> PlainTextField:
    return text(label, hint, most=limits.SHORT_NAME)


def words_list(label: Words, hint: Words = "") -> ListField:
    return ListField(label=label, help_text=hint, max_length=limits.DEFINITION, required=False)


def looks_list(label: Words, hint: Words = "") -> LooksField:
    return LooksField(label=label, help_text=hint, max_length=limits.LINE, required=False)


def choice(
    label: Words, choices: Sequence[tuple[str, Words]], hint: Words = "", empty: Words | None = None
) -> ChosenField:
    listed: list[tuple[str, Words]] = [("", empty), *choices] if empty is not None else [*choices]
    return ChosenField(label=label, help_text=hint, choices=listed, required=False)


def number(label: Words, hint: Words = "") -> forms.Field:
    return number_field(label, hint)


def whole(label: Words, hint: Words = "") -> forms.Field:
    return whole_field(label, hint)
