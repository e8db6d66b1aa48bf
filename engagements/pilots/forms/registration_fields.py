"""The fields of a registration, each with a plain sentence, named as in the record with "__" for the dots."""

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements import limits
from engagements.discussion.forms.base import DayField
from engagements.pilots.forms import choices
from engagements.pilots.forms.fields import choice, looks_list, number, short, text, whole, words_list
from engagements.pilots.rules.drawing.public_seed import LONGEST_NAME


def arm_fields(place: int) -> dict[str, forms.Field]:
    label = _("Comparison group") if place == 0 else _("Program group") if place == 1 else _("Another program group")
    return {
        f"arms__{place}__name": short(label, _("What you call it, for example “Usual letter”.")),
        f"arms__{place}__gets": text(_("What people in it receive"), rows=2),
        f"arms__{place}__key": short(_("Its short key"), _("As data files name it: letters, digits, - and _.")),
        f"arms__{place}__weight": whole(
            _("Its share of the draw"), _("1 and 1 is half and half; 1 and 2: one third and two thirds.")
        ),
    }


def outcome_fields(prefix: str) -> dict[str, forms.Field]:
    return {
        f"{prefix}__name": text(_("Outcome"), _("For example “Had a job”."), most=limits.PHRASE),
        f"{prefix}__kind": choice(_("What it is for each person"), choices.KINDS),
        f"{prefix}__key": short(_("Its column in data files"), _("Small letters and underscores: had_job.")),
        f"{prefix}__unit": short(_("Unit"), _("“percentage points” for a share; else dollars, days, points.")),
        f"{prefix}__better": choice(_("Which way is better"), choices.BETTER),
        f"{prefix}__good": text(
            _("What one person with the good answer did"), _("For the sentence: “had a job”."), most=limits.PHRASE
        ),
        f"{prefix}__after": short(_("When"), _("For example “after a year”.")),
        f"{prefix}__source": text(_("Read from"), _("The records or the system."), most=limits.PHRASE),
        f"{prefix}__window_from": DayField(label=_("First day it can happen"), required=False),
        f"{prefix}__window_to": DayField(label=_("Last day it counts"), required=False),
    }


def subgroup_fields(place: int) -> dict[str, forms.Field]:
    return {
        f"subgroups__{place}__column": short(_("Column that tells people apart"), _("Known before the draw.")),
        f"subgroups__{place}__values": words_list(_("Its values")),
        f"subgroups__{place}__why": text(_("Why it may differ"), most=limits.SENTENCE),
    }


def _declared() -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {
        "title": text(_("Title"), _("What is tested, in a few words."), most=limits.TITLE),
        "question": text(_("Question"), _("One sentence that a yes or no answers."), rows=2),
        "eligibility": text(_("Who can take part"), rows=2),
        "unit": short(_("What is drawn or compared"), _("A person, a household, a school.")),
        "people": short(_("Who is counted, in the plural"), _("Residents, students.")),
    }
    fields |= outcome_fields("outcome")
    fields |= {
        "smallest_worthwhile": number(
            _("Smallest effect worth having"),
            _("In 100 people for a share, else in the outcome’s unit. The verdict is held against it."),
        ),
        "worthwhile_because": text(_("Why a smaller effect would not be worth it"), rows=2),
        "assumptions__people": whole(_("People you expect"), _("In all groups together.")),
        "assumptions__base_rate": number(_("Of 100 people, how many have the outcome without the program")),
        "assumptions__sd": number(_("Standard deviation"), _("For a mean: how far apart people are.")),
        "assumptions__clusters": whole(_("Groups you expect"), _("Where whole groups are drawn.")),
        "assumptions__treated_clusters": whole(
            _("Of them with the program"), _("If empty, by each group’s share of the draw.")
        ),
        "assumptions__icc": number(
            _("How alike people of a group are"), _("Intraclass correlation; 0.05 is common, 0.15 in schools.")
        ),
        "assumptions__size_cv": number(_("How unequal groups are"), _("0: all the same size; 1: very unequal.")),
        "assumptions__r2": number(
            _("Explained by what is known before"), _("0 to 1. Last year’s earnings may explain 0.4.")
        ),
        "assumptions__take_up": number(_("Of 100 offered, how many take part"), _("100 if everybody does.")),
        "assumptions__periods_before": whole(_("Periods before the start"), _("Designs over time.")),
        "assumptions__periods_after": whole(_("Periods after it"), _("Designs over time.")),
        "design": choice(_("Design"), choices.DESIGNS, _("A drawn comparison is the one that is easiest to believe.")),
        "estimator": choice(_("Method"), choices.ESTIMATORS, _("It alone gives the verdict.")),
        "draw__block_by": words_list(
            _("Draw within these columns"), _("Of the list of units, for example site. Cities always count.")
        ),
        "draw__cluster_by": short(_("Column that names the group"), _("Where whole groups are drawn.")),
        "draw__pair_by": words_list(_("Numbers that pairs are matched on"), _("The most important first.")),
        "draw__seed_from": text(
            _("Public draw that fixes the seed"),
            _("A future one, for example Powerball. Left empty, the portal makes the seed after the lock."),
            most=LONGEST_NAME,
        ),
        "draw__seed_on": DayField(
            label=_("Day of the public draw"),
            required=False,
            help_text=_("The list of units must be locked on an earlier day."),
        ),
        "draw__seed_numbers": whole(_("How many numbers it has"), _("Powerball has 6.")),
        "starts_in": words_list(_("Periods in which the program starts"), _("Designs over time: 2027-03, 2027-06.")),
        "covariates": words_list(_("Columns known before the draw"), _("The method adjusts for them.")),
        "missing": choice(_("People whose outcome is not known"), choices.MISSING),
        "spillovers": text(
            _("Can people without the program be touched by it?"), _("Say whether and how you know."), rows=2
        ),
        "starts_on": DayField(label=_("The program starts on"), required=False),
        "ends_on": DayField(label=_("No verdict before"), required=False, help_text=_("The end of the pilot.")),
        "cost_per_unit_usd": number(_("Cost of the program for each unit"), _("In dollars.")),
        "looks": looks_list(
            _("Looks before the end"), _("Shares of the data from 0.1, at least 0.05 apart, the last is 1: 0.5, 1.")
        ),
        "boundary": choice(
            _("How looks share the chance of a false alarm"),
            choices.BOUNDARIES,
            _("Looking often without it finds effects by chance."),
        ),
        "stopping_rule": text(_("When it stops early"), _("For harm, for success, or never."), rows=2),
    }
    fields |= {
        "human_subjects__determination": choice(_("Determination"), choices.DETERMINATIONS, empty=_("Not decided yet")),
        "human_subjects__body": text(_("Who decided"), _("The review board or office."), most=limits.PHRASE),
        "human_subjects__number": short(_("Number of the determination")),
        "human_subjects__decided_on": DayField(label=_("Decided on"), required=False),
        "human_subjects__expires_on": DayField(label=_("Holds until"), required=False),
        "human_subjects__document": forms.TypedChoiceField(
            label=_("The determination as a document"),
            coerce=int,
            empty_value=None,
            required=False,
            help_text=_("Add it to the documents of the engagement first."),
        ),
        "human_subjects__consent": choice(_("How people agree"), choices.CONSENTS, empty=_("Not said yet")),
        "human_subjects__consent_words": text(_("About consent"), _("Who waived it and why; how to opt out."), rows=2),
        "human_subjects__law": choice(_("Law on the records"), choices.LAWS, empty=_("Not said yet")),
        "human_subjects__law_words": text(_("About the law"), _("Which statute, which agreement."), rows=2),
        "human_subjects__comparison_receives": text(_("What the comparison group receives"), rows=2),
        "human_subjects__can_stop": short(_("Who can stop it for harm"), _("One named person.")),
        "human_subjects__can_stop_contact": short(_("How to reach this person"), _("Public with the plan.")),
        "limits__lost_percent": number(
            _("Lost people, in percent"), _("Above it the widest range counts. Usually 20.")
        ),
        "limits__lost_gap_points": number(_("Gap in losses, in points"), _("Usually 5.")),
        "limits__earlier_drift": number(_("Earlier drift allowed"), _("Differences over time. Usually 0.5.")),
        "limits__pre_fit": number(_("Largest misfit before the start"), _("One place against others, in the unit.")),
        "limits__smallest_cell": whole(_("Smallest group shown"), _("Usually 10.")),
        "quasi_identifiers": words_list(
            _("Columns that could tell who someone is"), _("Tract, birth year, race, sex: rows are checked for them.")
        ),
    }
    return fields


FIELDS = _declared()  # those that stand once; rows are in registration_rows.py
