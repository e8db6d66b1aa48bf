"""One layout for every long form: a few fields first, the rest in folds that open where there is something to see."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, cast

from django import forms
from django.forms import BoundField
from django.utils.dateformat import format as date_format
from django.utils.functional import Promise

from engagements.base.tract_picker import PickedTracts, TractPicker

_SHOWN_VALUES, _VALUE_LENGTH = 3, 40
_WIDE_WIDGETS = (TractPicker, forms.CheckboxSelectMultiple, forms.RadioSelect, forms.FileInput)
_FEWEST_WIDE_ROWS = 3  # of a text: shorter ones share a line with another field


@dataclass(frozen=True)
class Fold:
    """`names` in order; those the form does not have are passed over. `is_asked`: open from the start."""

    heading: "str | Promise"
    names: tuple[str, ...]
    is_asked: bool = False


@dataclass(frozen=True)
class PlacedField:
    """A field and whether it takes the whole width."""

    bound: BoundField
    is_wide: bool


@dataclass(frozen=True)
class FoldRow:
    """A group of fields that may be repeated."""

    legend: object
    fields: tuple[PlacedField, ...]


@dataclass(frozen=True)
class PlacedFold:
    """`said`: what stands in a closed one. `kind` names its rows, of which there are `most`; "" without any."""

    heading: object
    fields: tuple[PlacedField, ...]
    is_open: bool
    said: str = ""
    kind: str = ""
    rows: tuple[FoldRow, ...] = ()
    most: int = 0
    may_add: bool = False
    add_label: object = ""


@dataclass(frozen=True)
class FormLayout:
    first: tuple[PlacedField, ...]
    folds: tuple[PlacedFold, ...] = field(default=())


class FoldedForm(forms.Form):
    """`FIRST` is what everybody fills in; `FOLDS` the rest. A visible field named in neither stands among the first.

    `WIDE`: names that take the whole width. `GIVEN`: names whose start is a default although the view gives it, so
    that it opens no fold.
    """

    FIRST: ClassVar[tuple[str, ...]] = ()
    FOLDS: ClassVar[tuple[Fold, ...]] = ()
    WIDE: ClassVar[frozenset[str]] = frozenset()
    GIVEN: ClassVar[frozenset[str]] = frozenset()

    @property
    def layout(self) -> FormLayout:
        folds = self.folds()
        folded = {name for fold in folds for name in fold.names}
        names = [name for name in self.FIRST if name in self.fields]
        names += [f.name for f in self.visible_fields() if f.name not in folded and f.name not in names]
        shown = (self._place_fold(fold) for fold in folds)
        return FormLayout(self.placed(names), tuple(fold for fold in shown if fold.fields or fold.rows))

    def folds(self) -> tuple[Fold, ...]:
        return self.FOLDS

    def placed(self, names: Iterable[str]) -> tuple[PlacedField, ...]:
        """Hidden ones and those the form lacks are left out."""
        bound = (self[name] for name in names if name in self.fields)
        return tuple(PlacedField(each, self._is_wide(each)) for each in bound if not each.is_hidden)

    def has_something(self, bound: BoundField) -> bool:
        """It is wrong, or holds more than its default."""
        return bool(bound.errors) or not self._is_default(bound)

    def _place_fold(self, fold: Fold) -> PlacedFold:
        fields = self.placed(fold.names)
        is_open = fold.is_asked or any(self.has_something(each.bound) for each in fields)
        return PlacedFold(fold.heading, fields, is_open, "" if is_open else said_of(each.bound for each in fields))

    def _is_wide(self, bound: BoundField) -> bool:
        widget = bound.field.widget
        is_long = isinstance(widget, forms.Textarea) and int(widget.attrs.get("rows", 0)) >= _FEWEST_WIDE_ROWS
        return is_long or isinstance(widget, _WIDE_WIDGETS) or bound.name in self.WIDE

    def _is_default(self, bound: BoundField) -> bool:
        value = bound.value()
        if not value:
            return True
        default = self.initial.get(bound.name) if bound.name in self.GIVEN else _start_of(bound.field)
        return _plain(value) == _plain(default)


def said_of(fields: Iterable[BoundField]) -> str:
    """What a closed fold holds: "Months between values: 3; Owner: Ada Adviser". The first three values."""
    said = [
        str(bound.label) if bound.value() is True else f"{bound.label}: {words}"
        for bound in fields
        if (words := _words(bound))
    ]
    return "; ".join(said[:_SHOWN_VALUES])


def _words(bound: BoundField) -> str:
    value = bound.value()
    if not value or isinstance(value, (list, tuple, dict, PickedTracts)):
        return ""
    if isinstance(value, date):
        words = date_format(value, "M j, Y")
    elif isinstance(bound.field, forms.ChoiceField):
        words = str(dict(_flat(cast(Iterable, bound.field.choices))).get(_plain(value), ""))
    else:
        words = _plain(value)
    return words if len(words) <= _VALUE_LENGTH else f"{words[:_VALUE_LENGTH].rstrip()}…"


def _start_of(field: forms.Field) -> object:
    """Where a field starts; a list without an empty choice starts at its first."""
    if callable(field.initial):
        return field.initial()
    if (
        field.initial is None
        and isinstance(field, forms.ChoiceField)
        and (choices := _flat(cast(Iterable, field.choices)))
    ):
        return choices[0][0]
    start: object = field.initial
    return start


def _flat(choices: Iterable) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for value, label in choices:
        found += _flat(label) if isinstance(label, (list, tuple)) else [(_plain(value), label)]
    return found


def _plain(value: object) -> str:
    return "" if value is None else str(value)
