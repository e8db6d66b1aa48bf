"""The filters of /what-works/, all of the address."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements import limits
from engagements.evidence.queries import EvidenceFilter
from engagements.evidence.records import FAMILIES
from engagements.pilots.rules.works import OWN, REPORTED_BY_OTHERS, WorkFilter
from engagements.verdicts import DESIGNS, REPORTED, VERDICTS, Design, Reported

Choices = tuple[tuple[str, str], ...]  # value, label
STUDIES = "studies"
SORTS = (
    ("", _("Verdict")),
    ("effect", _("Effect, best first")),
    ("strength", _("Strength, strongest first")),
    ("cost", _("Cost, lowest first")),
    ("newest", _("Newest first")),
    ("city", _("City")),
    ("outcome", _("Outcome")),
)
SHOW = (
    ("", _("All")),
    (OWN, _("Pilots of cities")),
    (REPORTED_BY_OTHERS, _("Reported by cities")),
    (STUDIES, _("Studies")),
)
# What a filter of results is among studies; a design or verdict that is not here is of no study.
_TIER_OF = {Design.RANDOMIZED: "rct", Design.QUASI: "quasi", Design.DESCRIPTION: "descriptive"}
_FINDING_OF = {
    Reported.GAIN: "positive",
    Reported.LOSS: "negative",
    Reported.ZERO: "null",
    Reported.NO_INTERVAL: "no_estimate",
}


class WorksForm(forms.Form):
    """`outcomes`: (key, label) of what was tested here; they stand above the outcomes of studies."""

    q = forms.CharField(
        label=_("Find"),
        required=False,
        max_length=limits.SEARCH,
        widget=forms.TextInput(attrs={"placeholder": _("Program, place or word")}),
    )
    outcome = forms.ChoiceField(label=_("Outcome"), required=False)
    city = forms.ChoiceField(label=_("City"), required=False)
    design = forms.ChoiceField(label=_("Design"), required=False, choices=[("", _("Any design")), *DESIGNS.items()])
    verdict = forms.ChoiceField(
        label=_("Verdict"),
        required=False,
        choices=[
            ("", _("Any verdict")),
            (_("Our verdict"), [(one.value, shown.label) for one, shown in VERDICTS.items()]),
            (_("As published"), [(one.value, shown.label) for one, shown in REPORTED.items()]),
        ],
    )
    sort = forms.ChoiceField(label=_("Sort by"), required=False, choices=SORTS)
    show = forms.ChoiceField(label=_("Which"), required=False, choices=SHOW)
    demo = forms.BooleanField(label=_("Demo data"), required=False)

    def __init__(self, *args, cities: list[tuple[str, str]], outcomes: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.cities, self.outcomes = cities, outcomes
        cast(forms.ChoiceField, self.fields["city"]).choices = [("", _("Anywhere")), *cities]
        tested = [(_("Tested here"), outcomes)] if outcomes else []
        cast(forms.ChoiceField, self.fields["outcome"]).choices = [
            ("", _("All outcomes")),
            *tested,
            (_("Of studies"), list(FAMILIES)),
        ]
        for name in ("outcome", "city", "design", "verdict", "sort", "show"):
            self.fields[name].error_messages["invalid_choice"] = _("There is no such choice here.")

    def asked(self) -> dict[str, str]:
        """What of the address is to be repeated in links; nothing where a filter can't be."""
        if not self.is_valid():
            return {}
        return {name: "1" if value is True else value for name, value in self.cleaned_data.items() if value}

    def of_results(self) -> WorkFilter | None:
        """None: no result is asked for."""
        data = self.cleaned_data if self.is_valid() else {}
        if data.get("show") == STUDIES:
            return None
        return WorkFilter(
            data.get("q", ""),
            data.get("outcome", ""),
            data.get("city", ""),
            data.get("design", ""),
            data.get("verdict", ""),
            data.get("show", ""),
        )

    def of_studies(self) -> EvidenceFilter | None:
        """None: no study is asked for."""
        data = self.cleaned_data if self.is_valid() else {}
        design, verdict, outcome = data.get("design", ""), data.get("verdict", ""), data.get("outcome", "")
        if data.get("show") in (OWN, REPORTED_BY_OTHERS) or data.get("demo"):
            return None
        if (design and design not in _TIER_OF) or (verdict and verdict not in _FINDING_OF):
            return None
        if outcome and outcome not in dict(FAMILIES):
            return None
        return EvidenceFilter(
            family=outcome,
            tier=_TIER_OF[Design(design)] if design else "",
            finding=_FINDING_OF[Reported(verdict)] if verdict else "",
            city=data.get("city", ""),
            words=data.get("q", ""),
        )
