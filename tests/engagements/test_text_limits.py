"""A text has the same longest length in the form, in the API and in the database's column."""

import pytest
from django.core.exceptions import FieldDoesNotExist
from rest_framework import serializers

from engagements import limits, models
from engagements.discussion.api import inputs as discussion_api
from engagements.discussion.forms import discussion as discussion_forms
from engagements.discussion.forms import requests as request_forms
from engagements.discussion.forms import risks as risk_forms
from engagements.evidence.api import NewEvidence
from engagements.evidence.forms import EvidenceForm
from engagements.indicators import forms as indicator_forms
from engagements.indicators.api import inputs as indicator_api
from engagements.milestones import api_inputs as milestone_api
from engagements.milestones.forms import log as log_forms
from engagements.milestones.forms import milestones as milestone_forms
from engagements.money import api as money_api
from engagements.money.forms import entries as money_forms
from engagements.plans.api import inputs as plan_api
from engagements.plans.forms import interventions as intervention_forms
from engagements.plans.forms import plans as plan_forms

SETS = (
    (models.Milestone, milestone_forms.MilestoneForm, milestone_api.NewMilestone),
    (models.ProgressEntry, log_forms.LogForm, milestone_api.NewProgress),
    (models.Comment, discussion_forms.CommentForm, discussion_api.NewComment),
    (models.Document, discussion_forms.DocumentForm, discussion_api.NewDocument),
    (models.ExpertRequest, request_forms.AskForm, discussion_api.NewRequest),
    (models.ExpertRequest, request_forms.AnswerForm, discussion_api.NewAnswer),
    (models.Risk, risk_forms.RiskForm, discussion_api.NewRisk),
    (models.LedgerEntry, money_forms.EntryForm, money_api.NewEntry),
    (models.Indicator, indicator_forms.IndicatorForm, indicator_api.NewIndicator),
    (models.IndicatorValue, indicator_forms.PeriodForm, indicator_api.NewValue),
    (models.Plan, plan_forms.NeedForm, plan_api.PlanChange),
    (models.Plan, plan_forms.CarryOverForm, plan_api.PlanChange),
    (models.PlanIntervention, intervention_forms.InterventionForm, plan_api.NewIntervention),
    (models.EvidenceRow, EvidenceForm, NewEvidence),
)


SPLIT = {(models.ProgressEntry, "line")}  # what is more than the column's line goes on in its `note`


def lengths(model, form, body) -> dict[str, set[int]]:
    """By field, every longest length that is declared: one where they agree."""
    fields = {name: [field] for name, field in form.base_fields.items()}
    for name, field in body().fields.items():
        if isinstance(field, serializers.ListField):  # its length is a number of items
            fields.pop(name, None)
        else:
            fields.setdefault(name, []).append(field)
    for name, found in fields.items():
        if (model, name) in SPLIT:
            continue
        try:
            found.append(model._meta.get_field(name))
        except FieldDoesNotExist:
            continue
    declared = {name: {getattr(each, "max_length", None) for each in found} for name, found in fields.items()}
    return {name: found - {None} for name, found in declared.items() if found != {None}}


@pytest.mark.parametrize(("model", "form", "body"), SETS, ids=lambda part: part.__name__)
def test_form_api_and_column_agree(model, form, body):
    found = lengths(model, form, body)
    texts = {name: longest for name, longest in found.items() if max(longest) >= 40 and name != "file"}
    assert texts and all(len(longest) == 1 for longest in texts.values()), texts
    declared = {value for value in vars(limits).values() if isinstance(value, int)} | set(limits.EVIDENCE.values())
    assert set().union(*texts.values()) <= declared, texts
