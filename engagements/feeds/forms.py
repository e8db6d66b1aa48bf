"""A feed: where it asks, which columns it reads, how often. Six fields to begin with, the rest folded."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements import limits
from engagements.discussion.forms.base import IdempotentForm, PlainTextField, VersionedForm
from engagements.feeds.actions.secrets import seal, unseal
from engagements.feeds.rules.mapping import NAMES
from engagements.models import Feed, Stage

_COLUMN = {"list": "columns-there", "autocomplete": "off"}
FIRST = ("stage", "funder", "kind", "address", "date_column", "value_column", "key_column", "cadence")
WIDE = ("kind", "address")


def _column(label, **options) -> PlainTextField:
    return PlainTextField(
        label=label, max_length=limits.PHRASE, required=False, widget=forms.TextInput(attrs=_COLUMN), **options
    )


class FeedForm(IdempotentForm):
    """Of an indicator. `columns`: what the answer has, offered in every field of a column."""

    kind = forms.ChoiceField(label=_("Where values come from"), choices=Feed.Kind.choices)
    address = PlainTextField(
        label=_("Address"),
        max_length=limits.URL,
        required=False,
        help_text=_("Of the CSV file, the Socrata data set or the layer. Leave it empty where a program pushes."),
        widget=forms.URLInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    date_column = _column(_("Column of the date"))
    value_column = _column(_("Column of the value"))
    cadence = forms.ChoiceField(label=_("A new value comes"), choices=Feed.Cadence.choices, initial="monthly")
    query = PlainTextField(
        label=_("Query"),
        max_length=limits.FEED_QUERY,
        required=False,
        help_text=_("Socrata: $where=... and others. ArcGIS: a where clause. It narrows what is read to one series."),
    )
    numerator_column = _column(_("Column of the numerator"))
    denominator_column = _column(_("Column of the denominator"))
    low_column = _column(_("Column of the lower end"))
    high_column = _column(_("Column of the upper end"))
    token = forms.CharField(
        label=_("Token"),
        required=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Where the publisher asks for one. It is kept encrypted and never shown again."),
    )
    token_variable = PlainTextField(
        label=_("Or the name of the variable that holds it"),
        max_length=limits.FEED_VARIABLE,
        required=False,
        help_text=_("FEED_TOKEN_ and a name, set on the server."),
    )
    sealed_token = forms.CharField(required=False, max_length=2_000, widget=forms.HiddenInput)
    owner = forms.TypedChoiceField(
        label=_("Owner"), coerce=int, help_text=_("Hears of it when it fails. Values come in under this name.")
    )
    of_columns = tuple(NAMES)

    def __init__(self, *args, people: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["owner"]).choices = people

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("kind") == Feed.Kind.PUSH:
            found["address"] = found["query"] = ""
        elif "address" in found and not found["address"]:
            self.add_error("address", _("Give the address."))
        return found

    @property
    def values(self) -> dict[str, Any]:
        """Fields of the feed as its actions take them."""
        data = self.cleaned_data
        columns = {name: data.get(f"{name}_column", "") for name in self.of_columns}
        return {
            "kind": data["kind"],
            "address": data["address"],
            "query": data["query"],
            "cadence": data["cadence"],
            "owner": data["owner"],
            "columns": {name: column for name, column in columns.items() if column},
        }

    @property
    def secret(self) -> str:
        """As typed now, or at the try before."""
        return self.cleaned_data.get("token", "").strip() or unseal(self.cleaned_data.get("sealed_token", ""))

    @property
    def sealed(self) -> str:
        """For the page that shows what was read: the token in it only the portal can read."""
        return seal(self.secret)

    @property
    def first(self) -> list[forms.BoundField]:
        """What is asked, one below the other."""
        return [self[name] for name in FIRST if name in self.fields and name in WIDE]

    @property
    def beside(self) -> list[forms.BoundField]:
        """What is read of it, side by side."""
        return [self[name] for name in FIRST if name in self.fields and name not in WIDE]

    @property
    def rest(self) -> list[forms.BoundField]:
        hidden = {field.name for field in self.hidden_fields()}
        return [self[name] for name in self.fields if name not in FIRST and name not in hidden]

    @property
    def has_errors_below(self) -> bool:
        return any(field.errors for field in self.rest)

    def refuse(self, refused) -> None:
        """What is wrong with columns stands at the column it is about."""
        found = refused.message_dict if hasattr(refused, "error_dict") else None
        if found and "columns" in found:
            for line in found.pop("columns"):
                self.add_error("date_column" if "date" in line else "value_column", line)
            if not found:
                return
            refused = type(refused)(found)
        super().refuse(refused)


class FeedChangeForm(FeedForm, VersionedForm):
    """The token that is there stays, unless another is typed or it is taken away."""

    forget_token = forms.BooleanField(label=_("Forget the token"), required=False)


class LedgerFeedForm(FeedForm):
    """Rows become entries of one stage and funder."""

    stage = forms.ChoiceField(label=_("Stage"), choices=Stage.choices, initial="spent")
    funder = forms.TypedChoiceField(label=_("Funder"), coerce=int)
    key_column = _column(_("Column of the entry’s number"), help_text=_("By it no entry is taken twice."))
    description_column = _column(_("Column of the description"))
    of_columns = ("date", "value", "key", "description")

    def __init__(self, *args, funders: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["funder"]).choices = funders
        self.fields["value_column"].label = _("Column of the amount")
        for name in ("numerator_column", "denominator_column", "low_column", "high_column"):
            del self.fields[name]


class LedgerFeedChangeForm(LedgerFeedForm, FeedChangeForm):
    """Stage and funder stay: another line of the ledger is another feed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, funders=[], **kwargs)
        del self.fields["stage"], self.fields["funder"]


class DecisionForm(forms.Form):
    """What becomes of a value that waits."""

    accept = forms.TypedChoiceField(choices=[("yes", "Accept"), ("no", "Refuse")], coerce=lambda word: word == "yes")
    reason = PlainTextField(max_length=limits.WHY)
