"""Money by stage. Entries are never changed: what was wrong is reversed, where it went is placed when it is known."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Case, F, Q, When

from atlas.formatting.money import format_dollars
from engagements import limits
from engagements.limits import MOST_USD
from engagements.models.abstract import BUMP_VERSION, NEVER_DELETED, Archivable, Versioned, paired, person, refuse
from engagements.models.evidence import text_column
from engagements.models.plans import of_the_city


class Stage(models.TextChoices):
    """In the order in which a dollar goes through them; a later stage does not take from an earlier one."""

    COMMITTED = "committed", "Committed"
    ALLOCATED = "allocated", "Budgeted (allocated)"
    OBLIGATED = "obligated", "Under contract (obligated)"
    DISBURSED = "disbursed", "Paid out (disbursed)"
    SPENT = "spent", "Spent"


# Columns that a total is kept for; the totals' unique constraint has the same ones.
TOTAL_KEY = (
    "initiative",
    "engagement",
    "plan",
    "project",
    "funder",
    "stage",
    "price_year",
    "quarter_start",
    "is_fictional",
)

_REVERSAL_OF_THE_SAME = pgtrigger.Trigger(
    name="reversal_of_the_same",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    condition=pgtrigger.Condition("NEW.reverses_id IS NOT NULL"),
    func=refuse(
        "entry_reversal_of_the_same",
        """NOT EXISTS (
            SELECT 1 FROM engagements_ledgerentry o WHERE o.id = NEW.reverses_id AND o.reverses_id IS NULL
            AND (o.initiative_id, o.engagement_id, o.plan_id, o.project_id, o.funder_id, o.stage, o.amount_usd,
                 o.price_year, o.is_fictional)
                IS NOT DISTINCT FROM (NEW.initiative_id, NEW.engagement_id, NEW.plan_id, NEW.project_id, NEW.funder_id,
                 NEW.stage, NEW.amount_usd, NEW.price_year, NEW.is_fictional)
            AND o.occurred_on <= NEW.occurred_on)""",
        "A reversal takes back the whole of one entry, on its day or later.",
    ),
)

# A reversal repeats what it takes back. The lock is the other side of the one that links a plan to a project takes:
# neither passes the other unseen.
_PROJECT_OF_ITS_PLAN = pgtrigger.Trigger(
    name="project_of_its_plan",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    condition=pgtrigger.Condition("NEW.project_id IS NOT NULL AND NEW.plan_id IS NOT NULL AND NEW.reverses_id IS NULL"),
    func="PERFORM pg_advisory_xact_lock_shared("  # noqa: S608 - our own words
    "hashtext('engagements_projectplan'), hashtext(NEW.plan_id::text));"
    + refuse(
        "entry_project_of_its_plan",
        """EXISTS (SELECT 1 FROM engagements_projectplan l
            WHERE l.plan_id = NEW.plan_id AND l.project_id <> NEW.project_id)""",
        "The plan of this entry calculates for another project.",
    ),
)

# After each statement, so that 200,000 rows of an import cost one sum and not 200,000.
_KEEP_TOTALS = pgtrigger.Trigger(
    name="keep_totals",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    level=pgtrigger.Statement,
    referencing=pgtrigger.Referencing(new="new_rows"),
    declare=[("funded", "record"), ("broken", "text")],
    func="""
        -- Two that each spend the last dollar must not pass one another.
        FOR funded IN SELECT DISTINCT initiative_id, funder_id FROM new_rows ORDER BY 1, 2 LOOP
            PERFORM pg_advisory_xact_lock(hashtext('engagements_ledgerentry'),
                hashtext(funded.initiative_id || ':' || funded.funder_id));
        END LOOP;
        INSERT INTO engagements_ledgertotal AS t
            (initiative_id, engagement_id, plan_id, project_id, funder_id, stage, price_year, quarter_start,
             is_fictional, net_usd, entries, last_entered_at)
        SELECT initiative_id, engagement_id, plan_id, project_id, funder_id, stage, price_year,
            date_trunc('quarter', occurred_on)::date, is_fictional, sum(net_usd), count(*), max(entered_at)
        FROM new_rows GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9
        ON CONFLICT (initiative_id, engagement_id, plan_id, project_id, funder_id, stage, price_year, quarter_start,
            is_fictional)
        DO UPDATE SET net_usd = t.net_usd + excluded.net_usd, entries = t.entries + excluded.entries,
            last_entered_at = greatest(t.last_entered_at, excluded.last_entered_at);
        -- What a funder's money may be used for in an engagement: its commitments to it and to the initiative.
        SELECT later.stage INTO broken
        FROM (SELECT DISTINCT initiative_id, engagement_id, funder_id, is_fictional FROM engagements_ledgertotal
              WHERE (initiative_id, funder_id) IN (SELECT initiative_id, funder_id FROM new_rows)) k
        JOIN LATERAL (
            SELECT t.stage, sum(t.net_usd) AS net FROM engagements_ledgertotal t
            WHERE t.initiative_id = k.initiative_id AND t.funder_id = k.funder_id
            AND t.is_fictional = k.is_fictional AND t.engagement_id IS NOT DISTINCT FROM k.engagement_id
            AND t.stage <> 'committed' GROUP BY t.stage) later ON true
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(t.net_usd), 0) AS net FROM engagements_ledgertotal t
            WHERE t.initiative_id = k.initiative_id AND t.funder_id = k.funder_id
            AND t.is_fictional = k.is_fictional AND t.stage = 'committed'
            AND (t.engagement_id IS NULL OR t.engagement_id = k.engagement_id)) committed
        WHERE later.net > committed.net LIMIT 1;
        IF broken IS NULL THEN
            -- All engagements of a funder together, against all it committed.
            SELECT later.stage INTO broken
            FROM (SELECT initiative_id, funder_id, is_fictional, stage, sum(net_usd) AS net
                  FROM engagements_ledgertotal
                  WHERE (initiative_id, funder_id) IN (SELECT initiative_id, funder_id FROM new_rows)
                  GROUP BY 1, 2, 3, 4) later
            LEFT JOIN (SELECT initiative_id, funder_id, is_fictional, sum(net_usd) AS net
                  FROM engagements_ledgertotal WHERE stage = 'committed' GROUP BY 1, 2, 3) committed
                USING (initiative_id, funder_id, is_fictional)
            WHERE later.stage <> 'committed' AND later.net > coalesce(committed.net, 0) LIMIT 1;
        END IF;
        IF broken IS NOT NULL THEN
            RAISE EXCEPTION 'More is % than this funder committed.', broken
                USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_after_commitment';
        END IF;
        IF EXISTS (
            SELECT 1 FROM new_rows n WHERE n.stage <> 'committed' AND n.reverses_id IS NULL AND NOT EXISTS (
                SELECT 1 FROM engagements_ledgerentry c WHERE c.initiative_id = n.initiative_id
                AND c.funder_id = n.funder_id AND c.is_fictional = n.is_fictional AND c.stage = 'committed'
                AND (c.engagement_id IS NULL OR c.engagement_id = n.engagement_id)
                AND c.occurred_on <= n.occurred_on)
        ) THEN
            RAISE EXCEPTION 'This is dated before the first commitment of its funder.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_dated_after_commitment';
        END IF;
        RETURN NULL;
    """,
)


class LedgerEntry(models.Model):
    """One amount at one stage. `net_usd` is negative for a reversal: sums are sums of it."""

    initiative = models.ForeignKey("engagements.Initiative", on_delete=models.PROTECT, related_name="entries")
    engagement = models.ForeignKey(
        "engagements.Engagement",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="entries",
        help_text="empty: for the whole initiative",
    )
    plan = models.ForeignKey(
        "engagements.Plan", null=True, blank=True, on_delete=models.PROTECT, related_name="entries"
    )
    project = models.ForeignKey(
        "engagements.Project",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="entries",
        db_index=False,
        help_text="empty: the project of the plan, if there is one",
    )
    milestone = models.ForeignKey(
        "engagements.Milestone", null=True, blank=True, on_delete=models.PROTECT, related_name="entries"
    )
    stage = models.CharField(max_length=9, choices=Stage)
    amount_usd = models.DecimalField(max_digits=14, decimal_places=2)
    price_year = models.PositiveSmallIntegerField(help_text="the year whose dollars these are")
    occurred_on = models.DateField()
    funder = models.ForeignKey("engagements.Organisation", on_delete=models.PROTECT, related_name="entries")
    payee = text_column(limits.NAME)
    payee_address = text_column(
        limits.POSTAL_ADDRESS, help_text="where the payee is, which is not where the money works"
    )
    description = text_column(limits.SENTENCE)
    source_system = text_column(limits.SOURCE_SYSTEM, help_text="the finance system it came from")
    external_id = text_column(limits.EXTERNAL_ID, help_text="its number there")
    reverses = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by")
    why = text_column(limits.WHY, help_text="of a reversal")
    entered_by = person()
    entered_at = models.DateTimeField()
    is_fictional = models.BooleanField(default=False)
    net_usd = models.GeneratedField(
        expression=Case(When(reverses__isnull=False, then=-F("amount_usd")), default=F("amount_usd")),
        output_field=models.DecimalField(max_digits=14, decimal_places=2),
        db_persist=True,
    )

    class Meta:
        ordering = ["-occurred_on", "-id"]
        indexes = [
            models.Index(fields=["engagement", "-occurred_on", "-id"], name="entry_by_day"),
            models.Index(fields=["initiative", "funder", "stage", "occurred_on"], name="entry_by_funder"),
            models.Index(fields=["initiative", "entered_at"], name="entry_by_knowledge"),
            models.Index(fields=["plan"], name="entry_by_plan", condition=Q(plan__isnull=False)),
            models.Index(fields=["project"], name="entry_by_project", condition=Q(project__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "engagement", "source_system", "external_id"],
                name="entry_external_id_once",
                condition=~Q(external_id=""),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="entry_amount_in_reason", condition=Q(amount_usd__gt=0, amount_usd__lte=MOST_USD)
            ),
            models.CheckConstraint(name="entry_stage_known", condition=Q(stage__in=Stage.values)),
            models.CheckConstraint(name="entry_price_year", condition=Q(price_year__gte=2000, price_year__lte=2100)),
            models.CheckConstraint(
                name="entry_plan_of_engagement", condition=Q(plan=None) | Q(engagement__isnull=False)
            ),
            models.CheckConstraint(
                name="entry_project_of_engagement", condition=Q(project=None) | Q(engagement__isnull=False)
            ),
            models.CheckConstraint(
                name="entry_milestone_of_engagement", condition=Q(milestone=None) | Q(engagement__isnull=False)
            ),
            models.CheckConstraint(name="entry_reversal_has_reason", condition=Q(reverses=None) | ~Q(why="")),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            _REVERSAL_OF_THE_SAME,
            _PROJECT_OF_ITS_PLAN,
            _KEEP_TOTALS,
        ]

    def __str__(self):
        return f"{self.get_stage_display()} {format_dollars(self.amount_usd)}"


class LedgerTotal(models.Model):
    """Sums of `net_usd`, kept by a trigger of LedgerEntry: pages of money read these, never 200,000 entries."""

    initiative = models.ForeignKey("engagements.Initiative", on_delete=models.PROTECT, related_name="+")
    engagement = models.ForeignKey("engagements.Engagement", null=True, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey("engagements.Plan", null=True, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey("engagements.Project", null=True, on_delete=models.PROTECT, related_name="+")
    funder = models.ForeignKey("engagements.Organisation", on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=9, choices=Stage)
    price_year = models.PositiveSmallIntegerField()
    quarter_start = models.DateField(help_text="first day of the quarter of `occurred_on`")
    is_fictional = models.BooleanField()
    net_usd = models.DecimalField(max_digits=16, decimal_places=2)
    entries = models.PositiveIntegerField()
    last_entered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=TOTAL_KEY, name="ledger_total_once", nulls_distinct=False)]
        indexes = [models.Index(fields=["engagement", "stage"], name="total_by_engagement")]


class LedgerPlacement(models.Model):
    """Where an entry's money worked: tracts and shares. A later number takes the place of the earlier ones."""

    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="placements")
    number = models.PositiveSmallIntegerField()
    why = text_column(limits.WHY, help_text="how it is known")
    placed_by = person()
    placed_at = models.DateTimeField()

    class Meta:
        ordering = ["entry", "-number"]
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="placement_number_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


_SHARES_ARE_ONE = pgtrigger.Trigger(
    name="shares_are_one",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    func="""
        IF (SELECT abs(sum(t.share) - 1) > 0.000001 FROM engagements_ledgerplacementtract t
            WHERE t.placement_id = NEW.placement_id) THEN
            RAISE EXCEPTION 'The shares of a placement are not 1 together.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'placement_shares_are_one';
        END IF;
        RETURN NULL;
    """,
)


class LedgerPlacementTract(models.Model):
    placement = models.ForeignKey(LedgerPlacement, on_delete=models.PROTECT, related_name="tracts")
    geoid = models.CharField(max_length=11)
    vintage = models.PositiveSmallIntegerField(default=2010)
    share = models.FloatField(help_text="of the entry's amount, 0-1")

    class Meta:
        ordering = ["geoid"]
        constraints = [
            models.UniqueConstraint(fields=["placement", "vintage", "geoid"], name="placement_tract_once"),
            models.CheckConstraint(name="placement_tract_geoid", condition=Q(geoid__regex=r"^[0-9]{11}$")),
            models.CheckConstraint(name="placement_tract_of_2010", condition=Q(vintage=2010)),
            models.CheckConstraint(name="placement_share", condition=Q(share__gt=0, share__lte=1)),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            of_the_city(
                "placement",
                "SELECT n.engagement_id FROM engagements_ledgerplacement p"
                " JOIN engagements_ledgerentry n ON n.id = p.entry_id WHERE p.id = NEW.placement_id",
            ),
            _SHARES_ARE_ONE,
        ]


@pghistory.track()
class BudgetLine(Versioned, Archivable):
    """What was meant to be spent on something in a period: compared with entries of stage spent."""

    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="budget_lines")
    plan = models.ForeignKey(
        "engagements.Plan", null=True, blank=True, on_delete=models.PROTECT, related_name="budget_lines"
    )
    funder = models.ForeignKey(
        "engagements.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=limits.BUDGET_NAME)
    amount_usd = models.DecimalField(max_digits=14, decimal_places=2)
    price_year = models.PositiveSmallIntegerField()
    period_start = models.DateField()
    period_end = models.DateField()
    is_fictional = models.BooleanField(default=False)

    class Meta:
        ordering = ["period_start", "name", "id"]
        constraints = [
            models.CheckConstraint(name="budget_has_name", condition=Q(name__regex=r"\S")),
            models.CheckConstraint(
                name="budget_amount_in_reason", condition=Q(amount_usd__gt=0, amount_usd__lte=MOST_USD)
            ),
            models.CheckConstraint(name="budget_price_year", condition=Q(price_year__gte=2000, price_year__lte=2100)),
            models.CheckConstraint(name="budget_period_in_order", condition=Q(period_end__gte=F("period_start"))),
            paired("budget_archived_pair", "archived_at", "archived_by"),
        ]
        triggers = [BUMP_VERSION, NEVER_DELETED]

    def __str__(self):
        return self.name
