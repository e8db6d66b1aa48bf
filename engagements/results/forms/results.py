"""The form of a result: its fields, its groups and sources as rows. Errors come back at their field."""

import re
from dataclasses import replace
from typing import Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from engagements import limits
from engagements.base.form_layout import FoldedForm, FoldRow, FormLayout, PlacedFold
from engagements.discussion.forms.base import DayField, IdempotentForm, PlainTextField, VersionedForm
from engagements.results.forms.fields import number_field, text_field, whole_field
from engagements.results.records import (
    DATES,
    DOCUMENT,
    LINK,
    NUMBERS,
    REPORTER,
    RESULT_COLUMNS,
    WHOLE_NUMBERS,
    Arm,
    ResultFields,
    Source,
)
from engagements.verdicts import DESIGNS, VERDICTS, Scale, Wanted

ARM, SOURCE = "arm", "source"  # what the form has rows of; `more` in what is sent asks for another row
_FEWEST = {ARM: 2, SOURCE: 2}  # rows an empty form shows
_MOST = {ARM: limits.RESULT_ARMS, SOURCE: limits.RESULT_SOURCES}


_FIRST = ("project", "finding", "outcome", "design", "source_0_title", "source_0_url")
_ARM_NAMES = ("name", "number", "value", "unit")
_SOURCE_NAMES = ("title", "url", "publisher", "dated", "says", "confidence", "document")
_FOLDED = _SOURCE_NAMES[2:]  # of the first source: its title and address are among the first fields
# Heading, fields, and of what rows follow.
_PARTS: tuple[tuple[object, tuple[str, ...], str], ...] = (
    (
        _("How large, and how sure"),
        (
            "effect", "unit", "low", "high", "level", "no_interval_reason", "size_in_words", "size_source", "scale",
            "wanted",
        ),
        "",
    ),
    (_("What was compared"), ("tried", "against", "design_words", "participants"), ARM),
    (
        _("Reach, context and cost: none of them an effect"),
        ("reach_number", "reach_unit", "reach_words", "context", "cost_usd", "cost_price_year", "cost_unit"),
        "",
    ),
    (
        _("Who says so, and when"),
        (
            "reported_by", "reported_on", "reported_precision", "measured_from", "measured_to", "authors_conclusion",
            "conflict", "what_happened_next", *(f"source_0_{name}" for name in _FOLDED),
        ),
        "",
    ),
    (_("More sources"), (), SOURCE),
    (_("Outside the initiative, or our own verdict"), ("is_outside", "outside_reason", "verdict", "own_data"), ""),
)  # fmt: skip


class _ResultFields(FoldedForm):
    """Six fields first, the rest in folds. `projects` and `documents`: (id, name) of the engagement."""

    FIRST = (*_FIRST, "why")
    WIDE = frozenset({"finding", "source_0_title", "source_0_url", "why"})
    GIVEN = frozenset({"reported_by", "scale", "wanted", "reported_precision"})

    project = forms.TypedChoiceField(label=_("Project"), coerce=int, empty_value=None, required=False)
    finding = text_field(
        _("Finding"),
        _("In a phrase that follows “The city reports”, for example “that 5 more in 100 had a job”."),
        most=limits.SENTENCE,
        required=True,
    )
    outcome = text_field(_("Outcome"), _("What was measured."), most=limits.PHRASE, required=True)
    design = forms.ChoiceField(
        label=_("Design"), choices=[("", _("Choose one")), *((key.value, label) for key, label in DESIGNS.items())]
    )
    effect = number_field(_("Effect"), _("The difference made, never a count of people."))
    unit = text_field(
        _("Unit of the effect"), _("With the price year where it is money."), most=limits.EVIDENCE["unit"]
    )
    low = number_field(_("Interval, lower end"))
    high = number_field(_("Interval, upper end"))
    level = number_field(_("Level of the interval"), _("In percent, most often 95."))
    no_interval_reason = text_field(_("Why there is no interval"), most=limits.SENTENCE)
    size_in_words = text_field(
        _("Size as the source words it"),
        _("Where the source gives it in words only: more than 20 times. Nothing is calculated with it."),
        most=limits.PHRASE,
    )
    size_source = forms.TypedChoiceField(
        label=_("Which source words it so"), coerce=int, empty_value=None, required=False
    )
    scale = forms.ChoiceField(
        label=_("The effect is"),
        choices=[
            (Scale.DIFFERENCE.value, _("a difference (0 is no change)")),
            (Scale.RATIO.value, _("a ratio (1 is no change)")),
        ],
    )
    wanted = forms.ChoiceField(
        label=_("Better is"), choices=[(Wanted.MORE.value, _("more")), (Wanted.LESS.value, _("less"))]
    )
    tried = text_field(_("What was tried"), _("Left empty, it is the project."), rows=2)
    against = text_field(_("Against what"), _("For example no letter."), most=limits.SENTENCE)
    design_words = text_field(_("Design in the source’s words"), _("For example by lottery."), most=limits.PHRASE)
    participants = whole_field(_("Number in all groups together"))
    reach_number = whole_field(_("Reach"), _("How many took part or were reached."))
    reach_unit = text_field(_("What is counted"), most=limits.PHRASE)
    reach_words = text_field(_("About the reach"), rows=2)
    context = text_field(_("Context"), _("What else changed or is counted."), rows=2)
    cost_usd = number_field(_("Cost in dollars"))
    cost_price_year = whole_field(_("Price year"))
    cost_unit = text_field(_("Cost of what"), _("A person, a letter, the whole trial."), most=limits.PHRASE)
    reported_by = text_field(_("Who reports it"), most=limits.NAME)
    reported_on = DayField(label=_("Reported on"), required=False)
    reported_precision = forms.ChoiceField(
        label=_("How exactly the source says when"),
        choices=[("day", _("the day")), ("month", _("only the month")), ("year", _("only the year"))],
        required=False,
        help_text=_("For a month or a year give any day in it."),
    )
    measured_from = DayField(label=_("Measured from"), required=False)
    measured_to = DayField(label=_("Measured to"), required=False)
    authors_conclusion = text_field(_("What the source concludes"), _("In our words."), rows=2)
    conflict = text_field(_("Where sources differ"), rows=2)
    what_happened_next = text_field(_("What happened next"), rows=2)
    is_outside = forms.BooleanField(
        label=_("Related: same city, and not shown to be of the initiative"), required=False
    )
    outside_reason = text_field(_("Why it is not counted"), most=limits.SENTENCE)
    verdict = forms.ChoiceField(
        label=_("Our verdict"),
        required=False,
        choices=[("", _("None: a published result")), *((key.value, one.label) for key, one in VERDICTS.items())],
        help_text=_("Only with the portal’s own data."),
    )
    own_data = text_field(_("Which own data"), most=limits.SENTENCE)

    def __init__(self, *args, projects: list[tuple[int, str]], documents: list[tuple[int, str]], **kwargs):
        seen: ResultFields | None = kwargs.pop("seen", None)
        self._more: str = kwargs.pop("more", "")
        given: dict[str, object] = {"reported_by": REPORTER, "scale": "difference", "wanted": "more"}
        given |= {"reported_precision": "day"} | (_flat(seen) if seen else {})
        kwargs["initial"] = given | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self._rows = {kind: self._count_rows(kind) for kind in (ARM, SOURCE)}
        for n in range(self._rows[ARM]):
            self.fields |= _arm_fields(n)
        for n in range(self._rows[SOURCE]):
            self.fields |= _source_fields(n, documents)
        cast(forms.ChoiceField, self.fields["project"]).choices = [("", _("Choose one")), *projects]
        cast(forms.ChoiceField, self.fields["size_source"]).choices = [
            ("", _("Choose one")),
            *((n, _("Source {n}").format(n=n + 1)) for n in range(self._rows[SOURCE])),
        ]
        # A result belongs to a project, unless it is marked as outside the initiative.
        self.fields["project"].required = not (self.is_bound and self.data.get("is_outside"))
        self.fields["source_0_title"].required = True
        self._projects = dict(projects)
        self._seen = seen
        self._filled: dict[str, list[int]] = {}  # rows with something in them: what the rules number

    def _count_rows(self, kind: str) -> int:
        """As many as were sent or are kept, and one more where it was asked for."""
        names = self.data if self.is_bound else self.initial
        sent = (re.fullmatch(rf"{kind}_(\d{{1,3}})_[a-z]+", name, re.ASCII) for name in names)
        rows = max(_FEWEST[kind], *(int(found[1]) + 1 for found in sent if found), 0)
        return min(rows + (self._more == kind), _MOST[kind])

    @property
    def layout(self) -> FormLayout:
        return FormLayout(self.placed(self.FIRST), tuple(self._part(*part) for part in _PARTS))

    def _part(self, heading: object, names: tuple[str, ...], kind: str) -> PlacedFold:
        fields = self.placed(names)
        rows = tuple(
            FoldRow(self.fields[f"{kind}_{n}_{first}"].label, self.placed(f"{kind}_{n}_{name}" for name in columns))
            for columns, first in [(_ARM_NAMES, "name") if kind == ARM else (_SOURCE_NAMES, "title")]
            for n in range(int(kind == SOURCE), self._rows.get(kind, 0))
        )
        everything = [each.bound for each in (*fields, *(each for row in rows for each in row.fields))]
        is_asked = bool(kind) and self._more == kind
        return PlacedFold(
            heading,
            fields,
            is_asked or any(self.has_something(bound) for bound in everything),
            kind=kind,
            rows=rows,
            most=_MOST.get(kind, 0),
            may_add=bool(kind) and self._rows[kind] < _MOST[kind],
            add_label=_("Add another group") if kind == ARM else _("Add another source"),
        )

    def result(self) -> ResultFields:
        """As the rules take it."""
        data = self.cleaned_data
        values: dict[str, Any] = {name: data[name] for name in RESULT_COLUMNS if name in data}
        values["tried"] = values["tried"] or self._projects.get(values["project"] or 0, values["outcome"])
        values["reported_precision"] = values["reported_precision"] or "day"
        values["arms"], values["sources"] = self._arms(), self._sources()
        values["size_source"] = self._size_source(values["size_in_words"], values["sources"])
        if values["is_outside"]:
            values["project"] = None
        return replace(self._seen, **values) if self._seen else ResultFields(**values)

    def _size_source(self, words: str, sources: tuple[Source, ...]) -> str:
        """Its title; the only source there is need not be chosen."""
        number = self.cleaned_data["size_source"]
        if number is not None:
            return str(self.cleaned_data[f"source_{number}_title"])
        return sources[0].title if words and len(sources) == 1 else ""

    def _arms(self) -> tuple[Arm, ...]:
        data = self.cleaned_data
        rows = [[data[f"arm_{n}_{name}"] for name in _ARM_NAMES] for n in range(self._rows[ARM])]
        self._filled[ARM] = [n for n, row in enumerate(rows) if any(cell not in (None, "") for cell in row)]
        return tuple(Arm(*rows[n]) for n in self._filled[ARM])

    def _sources(self) -> tuple[Source, ...]:
        data, found = self.cleaned_data, []
        self._filled[SOURCE] = []
        for n in range(self._rows[SOURCE]):
            row = {name: data[f"source_{n}_{name}"] for name in ("title", "url", "document", *_SOURCE_TEXTS)}
            if any(cell not in (None, "") for cell in row.values()):
                self._filled[SOURCE].append(n)
                found.append(Source(kind=DOCUMENT if row["document"] and not row["url"] else LINK, **row))
        return tuple(found)

    def refuse(self, refused: ValidationError) -> None:
        """`arms.1.number` stands at `arm_1_number`, `sources` at the first source."""
        found = refused.message_dict if hasattr(refused, "error_dict") else {NON_FIELD_ERRORS: refused.messages}
        for name, lines in found.items():
            field = {"arms": "arm_0_name", "sources": "source_0_title"}.get(name, name)
            if field.startswith(("arms.", "sources.")):
                part, number, column = field.split(".")
                kind = part.removesuffix("s")
                field = f"{kind}_{self._filled[kind][int(number)]}_{'url' if column == 'kind' else column}"
            for line in lines:
                self.add_error(field if field in self.fields else None, line)


_SOURCE_TEXTS = ("publisher", "dated", "says", "confidence")


def _arm_fields(n: int) -> dict[str, forms.Field]:
    each = {"n": n + 1}
    return {
        f"arm_{n}_name": text_field(_("Group {n}").format(**each), most=limits.NAME),
        f"arm_{n}_number": whole_field(_("Number in group {n}").format(**each)),
        f"arm_{n}_value": number_field(_("Outcome of group {n}").format(**each)),
        f"arm_{n}_unit": text_field(_("Its unit, group {n}").format(**each), most=limits.EVIDENCE["unit"]),
    }


def _source_fields(n: int, documents: list[tuple[int, str]]) -> dict[str, forms.Field]:
    each = {"n": n + 1}
    return {
        f"source_{n}_title": text_field(_("Source {n}").format(**each), most=limits.TITLE),
        f"source_{n}_url": text_field(
            _("Address of source {n}").format(**each), _("It begins with https://."), most=limits.URL
        ),
        f"source_{n}_publisher": text_field(_("Who published source {n}").format(**each), most=limits.NAME),
        f"source_{n}_dated": text_field(_("Date of source {n}").format(**each), most=limits.JOB_TITLE),
        f"source_{n}_says": text_field(
            _("What source {n} says").format(**each), _("In our words."), most=limits.NOTE, rows=2
        ),
        f"source_{n}_confidence": text_field(_("How sure source {n} is").format(**each), most=limits.SENTENCE),
        f"source_{n}_document": forms.TypedChoiceField(
            label=_("Or a document, source {n}").format(**each),
            coerce=int,
            empty_value=None,
            required=False,
            choices=[("", _("None")), *documents],
        ),
    }


def _flat(seen: ResultFields) -> dict[str, object]:
    """Of a result, what each field of the form shows."""
    found: dict[str, object] = {name: getattr(seen, name) for name in RESULT_COLUMNS if name not in ("arms", "sources")}
    titles = [source.title for source in seen.sources]
    found["size_source"] = titles.index(seen.size_source) if seen.size_source in titles else ""
    for n, arm in enumerate(seen.arms):
        found |= {f"arm_{n}_{name}": value for name, value in vars(arm).items()}
    for n, source in enumerate(seen.sources):
        found |= {f"source_{n}_{name}": value for name, value in vars(source).items() if name != "kind"}
    return found


class ResultForm(_ResultFields, IdempotentForm):
    pass


class ResultChangeForm(_ResultFields, VersionedForm):
    """`is_public`: it was published, so that the reason is, too."""

    why = PlainTextField(
        label=_("Reason for change"), max_length=limits.WHY, required=False, help_text=_("It stays in the history.")
    )

    def __init__(self, *args, is_public: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["why"].required = is_public
        if is_public:
            self.fields["why"].help_text = _("Public: everyone can read what was corrected and why.")


assert {*NUMBERS, *WHOLE_NUMBERS, *DATES} < set(_ResultFields.base_fields), "every column has its field"
