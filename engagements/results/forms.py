"""Forms of a result, a project, a search, a question to the city and its answer. Errors come back at their field."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from engagements import limits
from engagements.base.tables.cells import read_number, read_whole
from engagements.discussion.forms.base import DayField, IdempotentForm, PlainTextField, VersionedForm
from engagements.models.results import PROJECT_STATUSES, TESTS
from engagements.results.records import (
    DATES,
    DOCUMENT,
    LINK,
    NUMBERS,
    PROJECT_COLUMNS,
    REPORTER,
    RESULT_COLUMNS,
    WHOLE_NUMBERS,
    Arm,
    ProjectFields,
    ResultFields,
    SearchFields,
    Source,
)
from engagements.verdicts import DESIGNS, VERDICTS, Scale, Wanted

ARM, SOURCE = "arm", "source"  # what the form has rows of; `more` in what is sent asks for another row
_FEWEST = {ARM: 2, SOURCE: 2}  # rows an empty form shows
_MOST = {ARM: limits.RESULT_ARMS, SOURCE: limits.RESULT_SOURCES}


class PlainNumber(forms.CharField):
    """As tables read numbers: no commas, no currency signs, nothing that may mean two things."""

    def __init__(self, *, read=read_number, **options):
        self.read = read
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        super().__init__(required=False, max_length=30, widget=widget, **options)

    def clean(self, value):
        text = super().clean(value).strip()
        if not text:
            return None
        try:
            return self.read(text)
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong)) from wrong

    def prepare_value(self, value):
        return int(value) if isinstance(value, float) and value.is_integer() else value


def _number(label, hint="") -> PlainNumber:
    return PlainNumber(label=label, help_text=hint)


def _whole(label, hint="") -> PlainNumber:
    return PlainNumber(read=read_whole, label=label, help_text=hint)


def _text(label, hint="", *, most=limits.DEFINITION, rows=0, required=False) -> PlainTextField:
    return PlainTextField(label=label, help_text=hint, max_length=most, rows=rows, required=required)


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


@dataclass(frozen=True)
class FormRow:
    """One group or one more source of the form."""

    legend: object
    fields: list


@dataclass(frozen=True)
class FormPart:
    """A fold of the form. `kind` of its rows, "" without any; `is_open`: something in it is wrong or was asked for."""

    heading: object
    fields: list
    kind: str
    rows: list[FormRow]
    most: int
    may_add: bool
    is_open: bool


class _ResultFields(forms.Form):
    """Six fields first, the rest in folds. `projects` and `documents`: (id, name) of the engagement."""

    project = forms.TypedChoiceField(label=_("Project"), coerce=int, empty_value=None, required=False)
    finding = _text(
        _("Finding"),
        _("In a phrase that follows “The city reports”, for example “that 5 more in 100 had a job”."),
        most=limits.SENTENCE,
        required=True,
    )
    outcome = _text(_("Outcome"), _("What was measured."), most=limits.PHRASE, required=True)
    design = forms.ChoiceField(
        label=_("Design"), choices=[("", _("Choose one")), *((key.value, label) for key, label in DESIGNS.items())]
    )
    effect = _number(_("Effect"), _("The difference made, never a count of people."))
    unit = _text(_("Unit of the effect"), _("With the price year where it is money."), most=limits.EVIDENCE["unit"])
    low = _number(_("Interval, lower end"))
    high = _number(_("Interval, upper end"))
    level = _number(_("Level of the interval"), _("In percent, most often 95."))
    no_interval_reason = _text(_("Why there is no interval"), most=limits.SENTENCE)
    size_in_words = _text(
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
    tried = _text(_("What was tried"), _("Left empty, it is the project."), rows=2)
    against = _text(_("Against what"), _("For example no letter."), most=limits.SENTENCE)
    design_words = _text(_("Design in the source’s words"), _("For example by lottery."), most=limits.PHRASE)
    participants = _whole(_("Number in all groups together"))
    reach_number = _whole(_("Reach"), _("How many took part or were reached."))
    reach_unit = _text(_("What is counted"), most=limits.PHRASE)
    reach_words = _text(_("About the reach"), rows=2)
    context = _text(_("Context"), _("What else changed or is counted."), rows=2)
    cost_usd = _number(_("Cost in dollars"))
    cost_price_year = _whole(_("Price year"))
    cost_unit = _text(_("Cost of what"), _("A person, a letter, the whole trial."), most=limits.PHRASE)
    reported_by = _text(_("Who reports it"), most=limits.NAME)
    reported_on = DayField(label=_("Reported on"), required=False)
    reported_precision = forms.ChoiceField(
        label=_("How exactly the source says when"),
        choices=[("day", _("the day")), ("month", _("only the month")), ("year", _("only the year"))],
        required=False,
        help_text=_("For a month or a year give any day in it."),
    )
    measured_from = DayField(label=_("Measured from"), required=False)
    measured_to = DayField(label=_("Measured to"), required=False)
    authors_conclusion = _text(_("What the source concludes"), _("In our words."), rows=2)
    conflict = _text(_("Where sources differ"), rows=2)
    what_happened_next = _text(_("What happened next"), rows=2)
    is_outside = forms.BooleanField(
        label=_("Related: same city, and not shown to be of the initiative"), required=False
    )
    outside_reason = _text(_("Why it is not counted"), most=limits.SENTENCE)
    verdict = forms.ChoiceField(
        label=_("Our verdict"),
        required=False,
        choices=[("", _("None: a published result")), *((key.value, one.label) for key, one in VERDICTS.items())],
        help_text=_("Only with the portal’s own data."),
    )
    own_data = _text(_("Which own data"), most=limits.SENTENCE)

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
    def first_fields(self) -> list:
        return [self[name] for name in _FIRST]

    @property
    def part_fields(self) -> list[FormPart]:
        return [self._part(*part) for part in _PARTS]

    def _part(self, heading: object, names: Iterable[str], kind: str) -> FormPart:
        fields = [self[name] for name in names]
        rows = [
            FormRow(self.fields[f"{kind}_{n}_{first}"].label, [self[f"{kind}_{n}_{name}"] for name in columns])
            for columns, first in [(_ARM_NAMES, "name") if kind == ARM else (_SOURCE_NAMES, "title")]
            for n in range(int(kind == SOURCE), self._rows.get(kind, 0))
        ]
        wrong = any(field.errors for field in (*fields, *(field for row in rows for field in row.fields)))
        may_add = bool(kind) and self._rows[kind] < _MOST[kind]
        is_open = wrong or bool(kind) and self._more == kind
        return FormPart(heading, fields, kind, rows, _MOST.get(kind, 0), may_add, is_open)

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
        f"arm_{n}_name": _text(_("Group {n}").format(**each), most=limits.NAME),
        f"arm_{n}_number": _whole(_("Number in group {n}").format(**each)),
        f"arm_{n}_value": _number(_("Outcome of group {n}").format(**each)),
        f"arm_{n}_unit": _text(_("Its unit, group {n}").format(**each), most=limits.EVIDENCE["unit"]),
    }


def _source_fields(n: int, documents: list[tuple[int, str]]) -> dict[str, forms.Field]:
    each = {"n": n + 1}
    return {
        f"source_{n}_title": _text(_("Source {n}").format(**each), most=limits.TITLE),
        f"source_{n}_url": _text(
            _("Address of source {n}").format(**each), _("It begins with https://."), most=limits.URL
        ),
        f"source_{n}_publisher": _text(_("Who published source {n}").format(**each), most=limits.NAME),
        f"source_{n}_dated": _text(_("Date of source {n}").format(**each), most=limits.JOB_TITLE),
        f"source_{n}_says": _text(
            _("What source {n} says").format(**each), _("In our words."), most=limits.NOTE, rows=2
        ),
        f"source_{n}_confidence": _text(_("How sure source {n} is").format(**each), most=limits.SENTENCE),
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


class ProjectForm(IdempotentForm):
    """What is tried."""

    title = _text(_("Project"), _("In a few words."), most=limits.TITLE, required=True)
    tried = _text(_("What is tried, for whom"), rows=3)
    partners = _text(_("Partners"), rows=2)
    status = forms.ChoiceField(label=_("Status"), choices=PROJECT_STATUSES)
    status_words = _text(_("About the status"), most=limits.SENTENCE)
    test = forms.ChoiceField(label=_("Test of its effect"), choices=TESTS)
    starts_on = DayField(label=_("Starts on"), required=False)
    ends_on = DayField(label=_("Ends on"), required=False)
    reach_number = _whole(_("Reach"), _("How many took part or were reached. No effect."))
    reach_unit = _text(_("What is counted"), most=limits.PHRASE)
    reach_words = _text(_("About the reach"), rows=2)
    money_words = _text(_("What sources say of its money"), _("Recorded dollars are in the ledger."), rows=2)
    what_happened_next = _text(_("What happened next"), rows=2)
    source = _text(_("Where this is recorded"), rows=2)
    plans = forms.TypedMultipleChoiceField(
        label=_("Plans that calculate for it"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Dollars of the ledger that name such a plan count for this project."),
    )

    def __init__(self, *args, plans: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.MultipleChoiceField, self.fields["plans"]).choices = plans

    def project(self) -> ProjectFields:
        return ProjectFields(**{name: self.cleaned_data[name] for name in PROJECT_COLUMNS})


class ProjectChangeForm(ProjectForm, VersionedForm):
    pass


class SearchForm(IdempotentForm):
    """Who looked where, until when, and found nothing."""

    project = forms.TypedChoiceField(label=_("Project"), coerce=int)
    searched_by = _text(_("Who searched"), most=limits.NAME, required=True)
    what = _text(_("What was looked for"), most=limits.SENTENCE, required=True)
    places = _text(_("Where"), _("Addresses, registries, libraries."), rows=3, required=True)
    searched_on = DayField(label=_("Searched to"))

    def __init__(self, *args, projects: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["project"]).choices = projects

    def search(self) -> SearchFields:
        data = self.cleaned_data
        names = ("project", "searched_by", "what", "places", "searched_on")
        return SearchFields(**{name: data[name] for name in names})


class AskForm(IdempotentForm):
    """Whom to ask about the sentence."""

    contact = forms.TypedChoiceField(label=_("Person of the city"), coerce=int, empty_value=None, required=False)
    organisation = forms.TypedChoiceField(
        label=_("Or an organization without an account"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("It gets a link by mail, or you send it the sentence and write down its reply here."),
    )
    email = forms.EmailField(
        label=_("Its email address"),
        required=False,
        max_length=254,
        help_text=_("It gets a link to reply without signing in: for this sentence alone, until the reply is due."),
    )
    owner = forms.TypedChoiceField(
        label=_("Who follows it up"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Left empty, it is you."),
    )

    def __init__(self, *args, people, organisations, owners, **kwargs):
        super().__init__(*args, **kwargs)
        for name, choices in (("contact", people), ("organisation", organisations), ("owner", owners)):
            cast(forms.ChoiceField, self.fields[name]).choices = [("", _("Choose one")), *choices]


class ReplyForm(VersionedForm):
    """The city's answer."""

    answer = forms.ChoiceField(
        label=_("Your reply"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one: agree, ask for a correction, or add.")},
        choices=[("agree", _("We agree")), ("correct", _("Please correct it")), ("add", _("We add to it"))],
    )
    reply = PlainTextField(
        label=_("Correction or addition"),
        rows=5,
        max_length=limits.REPLY,
        required=False,
        help_text=_("Up to 600 characters. They stand beside the sentence wherever it is shown."),
    )
    received_how = _text(_("How the reply came"), _("For example by email on December 3, 2026."), most=limits.PHRASE)

    def __init__(self, *args, is_passed_on: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_passed_on:
            del self.fields["received_how"]


class LinkForm(IdempotentForm):
    """Where the link to reply goes."""

    email = forms.EmailField(label=_("Email address of the organization"), max_length=254)


class LinkedReplyForm(ReplyForm):
    """The same reply by a link: nobody has a version of it, and the link itself is used once."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, is_passed_on=False, **kwargs)
        del self.fields["submission"], self.fields["version"]


assert {*NUMBERS, *WHOLE_NUMBERS, *DATES} < set(_ResultFields.base_fields), "every column has its field"
