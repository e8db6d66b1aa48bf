"""Each choice of a registration in plain words, as the form lists it."""

from django.utils.translation import gettext_lazy as _

from engagements.pilots.rules.registration import (
    Boundary,
    Consent,
    DesignKind,
    Determination,
    Estimator,
    Law,
    MissingRule,
    OutcomeKind,
)
from engagements.verdicts import Wanted

DESIGNS = [
    (DesignKind.PEOPLE.value, _("People drawn one by one: the most exact")),
    (DesignKind.PAIRS.value, _("Matched pairs: one of each pair gets the program")),
    (DesignKind.CLUSTERS.value, _("Whole groups drawn: schools, buildings, neighborhoods")),
    (DesignKind.PHASED.value, _("Groups start one after the other, in a drawn order")),
    (DesignKind.DIFFERENCES.value, _("Not drawn: change here against change elsewhere, one common start")),
    (DesignKind.SERIES.value, _("Not drawn: a series over time, beside a comparison series")),
    (DesignKind.STAGGERED.value, _("Not drawn: places that started at different times")),
    (DesignKind.SYNTHETIC.value, _("Not drawn: one place against a mix of other places")),
]
ESTIMATORS = [
    (Estimator.DIFFERENCE.value, _("Difference between the groups (people)")),
    (Estimator.BLOCKED.value, _("Difference within blocks (people, several cities)")),
    (Estimator.ADJUSTED.value, _("Difference after adjusting for what was known before (people)")),
    (Estimator.PAIRED.value, _("Difference within pairs (matched pairs)")),
    (Estimator.CLUSTERED.value, _("Difference between groups, two tests must agree (groups)")),
    (Estimator.PHASED.value, _("Started against not yet started (phased starts)")),
    (Estimator.DIFFERENCES.value, _("Difference of changes (change here against elsewhere)")),
    (Estimator.SERIES.value, _("Series with its own memory (series over time)")),
    (Estimator.STAGGERED.value, _("Against those not yet started (different starts)")),
    (Estimator.SYNTHETIC.value, _("Against a weighted mix of places (one place)")),
]
KINDS = [
    (OutcomeKind.SHARE.value, _("Yes or no for each person: a share")),
    (OutcomeKind.MEAN.value, _("A number for each person: a mean")),
]
BETTER = [(Wanted.MORE.value, _("More is better")), (Wanted.LESS.value, _("Less is better"))]
MISSING = [
    (MissingRule.COMPLETE.value, _("Count those measured; widen the range if many are lost")),
    (MissingRule.WORST.value, _("Count the missing against the program (shares only)")),
]
DETERMINATIONS = [
    (Determination.APPROVED.value, _("Approved")),
    (Determination.EXEMPT.value, _("Exempt")),
    (Determination.NOT_RESEARCH.value, _("Not research")),
]
CONSENTS = [
    (Consent.WRITTEN.value, _("In writing")),
    (Consent.SPOKEN.value, _("Spoken")),
    (Consent.OPT_OUT.value, _("People may opt out")),
    (Consent.WAIVED.value, _("Waived")),
    (Consent.NOT_NEEDED.value, _("Not needed")),
]
LAWS = [
    (Law.NONE.value, _("No law on these records applies")),
    (Law.FERPA.value, _("FERPA: education records")),
    (Law.HIPAA.value, _("HIPAA: health records")),
    (Law.STATE.value, _("A state’s law")),
    (Law.OTHER.value, _("Another law")),
]
BOUNDARIES = [
    (Boundary.NONE.value, _("One look, at the end")),
    (Boundary.OBRIEN_FLEMING.value, _("Planned looks, strict early (O’Brien and Fleming)")),
    (Boundary.ALWAYS_VALID.value, _("Any number of looks, with a wider range")),
]
