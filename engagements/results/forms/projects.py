"""Forms of a project, and of a search that found nothing."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements import limits
from engagements.discussion.forms.base import DayField, IdempotentForm, VersionedForm
from engagements.models.results import PROJECT_STATUSES, TESTS
from engagements.results.forms.fields import text_field, whole_field
from engagements.results.records import (
    PROJECT_COLUMNS,
    ProjectFields,
    SearchFields,
)


class ProjectForm(IdempotentForm):
    """What is tried."""

    title = text_field(_("Project"), _("In a few words."), most=limits.TITLE, required=True)
    tried = text_field(_("What is tried, for whom"), rows=3)
    partners = text_field(_("Partners"), rows=2)
    status = forms.ChoiceField(label=_("Status"), choices=PROJECT_STATUSES)
    status_words = text_field(_("About the status"), most=limits.SENTENCE)
    test = forms.ChoiceField(label=_("Test of its effect"), choices=TESTS)
    starts_on = DayField(label=_("Starts on"), required=False)
    ends_on = DayField(label=_("Ends on"), required=False)
    reach_number = whole_field(_("Reach"), _("How many took part or were reached. No effect."))
    reach_unit = text_field(_("What is counted"), most=limits.PHRASE)
    reach_words = text_field(_("About the reach"), rows=2)
    money_words = text_field(_("What sources say of its money"), _("Recorded dollars are in the ledger."), rows=2)
    what_happened_next = text_field(_("What happened next"), rows=2)
    source = text_field(_("Where this is recorded"), rows=2)
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
    searched_by = text_field(_("Who searched"), most=limits.NAME, required=True)
    what = text_field(_("What was looked for"), most=limits.SENTENCE, required=True)
    places = text_field(_("Where"), _("Addresses, registries, libraries."), rows=3, required=True)
    searched_on = DayField(label=_("Searched to"))

    def __init__(self, *args, projects: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["project"]).choices = projects

    def search(self) -> SearchFields:
        data = self.cleaned_data
        names = ("project", "searched_by", "what", "places", "searched_on")
        return SearchFields(**{name: data[name] for name in names})
