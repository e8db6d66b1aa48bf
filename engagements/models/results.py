"""What a city tried, what came of it, who looked in vain for a result, and what the city says to all that.

Arms and sources are parts of a result's one wording: they have no life of their own, so they are kept in its row and
come under its version, its history and its publication.
"""

from datetime import timedelta

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from engagements import limits
from engagements.models.abstract import (
    BUMP_VERSION,
    NEVER_DELETED,
    Archivable,
    Versioned,
    decided,
    paired,
    person,
    refuse,
    within_limits,
)
from engagements.models.evidence import number_column, text_column
from engagements.models.pilot_promises import OF_RESULTS
from engagements.verdicts import DESIGNS, MEASURED_VERDICTS, VERDICTS, Design, Scale, Wanted
from engagements.workflow import RESULT

PROJECT_STATUSES = [
    ("planned", "Planned"),
    ("running", "Under way"),
    ("ended", "Ended"),
    ("continues", "Goes on"),
    ("not_continued", "Did not continue"),
    ("unknown", "Not known"),
]
# Whether a project's effect is to be found out: what its dollars pay for is “being tested” only then.
TESTS = [("none", "No test planned"), ("planned", "A test is planned"), ("running", "Being tested")]
# How exactly a source says when it reported. The day kept is the first of its month or year.
REPORTED_PRECISIONS = [("day", "The day"), ("month", "Only the month"), ("year", "Only the year")]
RESULT_SECTIONS = [
    ("finding", "The finding"),
    ("effect", "The effect and how it was found"),
    ("sources", "The sources"),
    ("context", "Reach, cost and context"),
]
REPLY_DAYS = timedelta(days=12)  # ten business days are never fewer, also asked on a Sunday
_LIVE = Q(archived_at=None)


def _words(length: int = limits.DEFINITION, **options) -> models.TextField:
    return models.TextField(max_length=length, blank=True, default="", **options)


def _one_of(name: str, field: str, values) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__in": list(values)}))


def _reach() -> tuple[models.Field, models.Field, models.Field]:
    return (
        models.PositiveIntegerField(null=True, blank=True, help_text="how many took part or were reached: no effect"),
        text_column(limits.PHRASE, help_text="what is counted, for example graduates"),
        _words(help_text="since when, by whom counted"),
    )


@pghistory.track()
class Project(Versioned, Archivable):
    """One thing a city tries in its engagement: what money and results belong to."""

    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="projects")
    title = models.CharField(max_length=limits.TITLE)
    tried = _words(help_text="what is tried, for whom")
    partners = _words()
    status = models.CharField(max_length=13, choices=PROJECT_STATUSES, default="planned")
    status_words = text_column()
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    test = models.CharField(max_length=7, choices=TESTS, default="none")
    reach_number, reach_unit, reach_words = _reach()
    money_words = _words(help_text="what sources say of its money; recorded dollars are in the ledger")
    what_happened_next = _words()
    source = _words(limits.DEFINITION, help_text="where this is recorded")
    plans = models.ManyToManyField(
        "engagements.Plan", through="engagements.ProjectPlan", related_name="projects", blank=True
    )
    is_fictional = models.BooleanField(default=False)
    written_by = person(null=True)
    seed_key = models.SlugField(max_length=limits.EVIDENCE_KEY, blank=True, default="")
    seed_sha256 = models.CharField(
        max_length=64, blank=True, default="", help_text="of the shipped record it came from"
    )

    class Meta:
        ordering = ["engagement", "id"]
        constraints = [
            models.UniqueConstraint("engagement", Lower("title"), name="project_title_once", condition=_LIVE),
            models.UniqueConstraint(fields=["id", "engagement"], name="project_with_its_engagement"),
            models.UniqueConstraint(
                fields=["engagement", "seed_key"], name="project_seed_once", condition=~Q(seed_key="")
            ),
            models.CheckConstraint(name="project_has_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="project_ends_after_start",
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(name="project_reach_has_unit", condition=Q(reach_number=None) | ~Q(reach_unit="")),
            _one_of("project_status_is_declared", "status", (value for value, _ in PROJECT_STATUSES)),
            _one_of("project_test_is_declared", "test", (value for value, _ in TESTS)),
            paired("project_archived_pair", "archived_at", "archived_by"),
        ]
        triggers = [BUMP_VERSION, NEVER_DELETED]

    def __str__(self):
        return self.title


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class ProjectPlan(models.Model):
    """A plan calculates for one project at most: that is how dollars of the ledger that name only a plan find one.

    Two foreign keys of two columns keep both within the engagement.
    """

    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="plan_links")
    plan = models.OneToOneField("engagements.Plan", on_delete=models.PROTECT, related_name="project_link")
    linked_by = person(null=True)

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="agrees_with_entries",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="PERFORM pg_advisory_xact_lock("  # noqa: S608 - our own words
                "hashtext('engagements_projectplan'), hashtext(NEW.plan_id::text));"
                + refuse(
                    "project_plan_agrees_with_entries",
                    """EXISTS (SELECT 1 FROM engagements_ledgerentry e
                        WHERE e.plan_id = NEW.plan_id AND e.project_id <> NEW.project_id AND e.reverses_id IS NULL
                        AND NOT EXISTS (SELECT 1 FROM engagements_ledgerentry b WHERE b.reverses_id = e.id))""",
                    "Dollars of this plan are recorded for another project.",
                ),
            )
        ]


_ARMS = """
    jsonb_typeof(NEW.arms) <> 'array'
    OR EXISTS (SELECT 1 FROM jsonb_array_elements(NEW.arms) a
        WHERE jsonb_typeof(a) <> 'object' OR coalesce(a->>'name', '') = ''
        OR (a->'number' <> 'null'::jsonb AND jsonb_typeof(a->'number') <> 'number'))
    OR (NEW.participants IS NOT NULL AND jsonb_array_length(NEW.arms) > 0
        AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(NEW.arms) a WHERE coalesce(a->>'number', '') = '')
        AND NEW.participants <> (SELECT sum((a->>'number')::numeric) FROM jsonb_array_elements(NEW.arms) a))
"""
_SOURCES = """
    CASE WHEN jsonb_typeof(NEW.sources) <> 'array' THEN true
    WHEN jsonb_array_length(NEW.sources) = 0 THEN true
    ELSE EXISTS (SELECT 1 FROM jsonb_array_elements(NEW.sources) s
        WHERE jsonb_typeof(s) <> 'object' OR coalesce(s->>'title', '') = ''
        OR coalesce(s->>'kind', '') NOT IN ('link', 'document', 'own')
        OR (s->>'kind' = 'own' AND NEW.own_data = '')
        OR (coalesce(s->>'url', '') <> '' AND s->>'url' !~ '^https://[^/@[:space:]]+[^[:space:]]*$')
        OR (s->>'kind' = 'link' AND coalesce(s->>'url', '') = '')
        OR (s->>'kind' = 'document' AND NOT EXISTS (SELECT 1 FROM engagements_document d
            WHERE d.id = (s->>'document')::bigint AND d.engagement_id = NEW.engagement_id))) END
"""
_SIZE_SOURCE = """
    NEW.size_source <> '' AND NOT EXISTS (
        SELECT 1 FROM jsonb_array_elements(NEW.sources) s WHERE btrim(s->>'title') = NEW.size_source)
"""
_BEFORE_THE_INITIATIVE = """
    NOT NEW.is_outside AND LEAST(NEW.measured_from, NEW.measured_to, (CASE NEW.reported_precision
        WHEN 'month' THEN NEW.reported_on + interval '1 month' - interval '1 day'
        WHEN 'year' THEN NEW.reported_on + interval '1 year' - interval '1 day' ELSE NEW.reported_on END)::date) < (
        SELECT min(day) FROM (
            SELECT began_on AS day FROM engagements_participation WHERE engagement_id = NEW.engagement_id
            UNION ALL SELECT starts_on FROM engagements_engagement WHERE id = NEW.engagement_id) AS begun)
"""
# The record that comes with the portal quotes public sources and is marked as not confirmed: nobody wrote it here.
_NOT_ANSWERED = """
    NEW.written_by_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM engagements_replyrequest r
        WHERE r.{subject}_id = NEW.id AND r.sentence = NEW.sentence AND r.archived_at IS NULL
        AND (r.replied_at IS NOT NULL OR r.due_on < (NEW.{decided} AT TIME ZONE 'UTC')::date))
"""
_NOT_WORDS = "'version', 'archived_at', 'archived_by_id', 'status', 'reviewed_at', 'reviewed_by_id'"


def _check(name: str, test: str, sentence: str, **when) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=refuse(f"result_{name}", f"({test})", sentence),
        **when,
    )


@pghistory.track()
class Result(Versioned, Archivable):
    """One finding on one outcome of a project. Reach, effect and context are apart: a count is never an effect.

    `arms` and `sources` are lists of objects with the fields of Arm and Source in engagements.results.records.
    `sentence` is what the public reads and the city is asked about.
    """

    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="results")
    project = models.ForeignKey(Project, null=True, blank=True, on_delete=models.PROTECT, related_name="results")
    is_outside = models.BooleanField(default=False, help_text="of the same city, and not shown to be of the initiative")
    outside_reason = text_column()
    tried = _words(help_text="what was tried")
    against = text_column(help_text="against what it was compared")
    design = models.CharField(max_length=12, choices=[(k.value, label) for k, label in DESIGNS.items()])
    design_words = text_column(limits.PHRASE, help_text="where the source says it more exactly, for example by lottery")
    arms = models.JSONField(default=list, blank=True)
    participants = models.PositiveIntegerField(null=True, blank=True, help_text="number in all arms together")
    reported_by = models.CharField(max_length=limits.NAME, default="The city", help_text="who says so")
    finding = models.CharField(max_length=limits.SENTENCE, help_text="what they report, in a phrase")
    outcome = models.CharField(max_length=limits.PHRASE)
    unit = text_column(limits.EVIDENCE["unit"])
    wanted = models.CharField(max_length=4, choices=[(w.value, w.value) for w in Wanted], default=Wanted.MORE.value)
    scale = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Scale], default=Scale.DIFFERENCE.value)
    effect = number_column()
    low = number_column()
    high = number_column()
    level = number_column(help_text="of the interval, in percent")
    no_interval_reason = text_column()
    size_in_words = text_column(limits.PHRASE, help_text="as the source words it: more than 20 times; never a number")
    size_source = text_column(limits.TITLE, help_text="title of the source that words it so")
    reach_number, reach_unit, reach_words = _reach()
    context = _words(help_text="what else changed or is counted, and is no effect")
    conflict = _words(help_text="where sources differ")
    cost_usd = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    cost_price_year = models.PositiveSmallIntegerField(null=True, blank=True)
    cost_unit = text_column(limits.PHRASE, help_text="for what: a person, a letter, the whole trial")
    measured_from = models.DateField(null=True, blank=True)
    measured_to = models.DateField(null=True, blank=True)
    reported_on = models.DateField(null=True, blank=True)
    reported_precision = models.CharField(max_length=5, choices=REPORTED_PRECISIONS, default="day")
    sources = models.JSONField(default=list)
    authors_conclusion = _words(help_text="what the source concludes, in our words")
    what_happened_next = _words()
    own_data = text_column(help_text="the portal's own data behind a verdict")
    verdict = models.CharField(
        max_length=12, choices=[(v.value, shown.label) for v, shown in VERDICTS.items()], blank=True, default=""
    )
    sentence = models.CharField(max_length=limits.NOTE * 2, help_text="as the public reads it")
    status = models.CharField(max_length=9, choices=RESULT.choices, default=RESULT.first)
    is_fictional = models.BooleanField(default=False)
    written_by = person(null=True)
    created_at = models.DateTimeField()
    reviewed_by = person(null=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    seed_key = models.SlugField(max_length=limits.EVIDENCE_KEY, blank=True, default="")
    seed_sha256 = models.CharField(
        max_length=64, blank=True, default="", help_text="of the shipped record it came from"
    )

    class Meta:
        ordering = ["engagement", "id"]
        constraints = [
            models.UniqueConstraint(
                "engagement",
                "project",
                Lower("outcome"),
                Lower("finding"),
                name="result_once",
                condition=_LIVE,
                nulls_distinct=False,
            ),
            models.UniqueConstraint(fields=["id", "engagement"], name="result_with_its_engagement"),
            models.UniqueConstraint(
                fields=["engagement", "seed_key"], name="result_seed_once", condition=~Q(seed_key="")
            ),
            models.CheckConstraint(
                name="result_of_a_project_or_outside",
                condition=Q(project__isnull=False) | Q(is_outside=True) & ~Q(outside_reason=""),
            ),
            models.CheckConstraint(
                name="result_has_words", condition=~Q(finding="") & ~Q(outcome="") & ~Q(tried="") & ~Q(sentence="")
            ),
            models.CheckConstraint(name="result_effect_has_unit", condition=Q(effect=None) | ~Q(unit="")),
            models.CheckConstraint(
                name="result_interval_holds_its_estimate",
                condition=Q(low=None, high=None, level=None)
                # Each end is named as known: a comparison with null would pass.
                | Q(effect__isnull=False, low__isnull=False, high__isnull=False, level__isnull=False)
                & Q(level__gt=0, level__lt=100, low__lte=F("effect"), high__gte=F("effect")),
            ),
            models.CheckConstraint(
                name="result_interval_or_reason",
                condition=Q(effect=None) | Q(low__isnull=False) | ~Q(no_interval_reason=""),
            ),
            models.CheckConstraint(
                name="result_ratio_above_0", condition=Q(scale="difference") | Q(effect=None) | Q(effect__gt=0)
            ),
            models.CheckConstraint(
                name="result_cost_is_whole",
                condition=Q(cost_usd=None, cost_price_year=None)
                | Q(cost_usd__isnull=False, cost_price_year__isnull=False)
                & Q(cost_usd__gte=0, cost_price_year__gte=1950, cost_price_year__lte=2100)
                & ~Q(cost_unit=""),
            ),
            models.CheckConstraint(name="result_reach_has_unit", condition=Q(reach_number=None) | ~Q(reach_unit="")),
            models.CheckConstraint(
                name="result_measured_in_order",
                condition=Q(measured_from=None) | Q(measured_to=None) | Q(measured_to__gte=F("measured_from")),
            ),
            models.CheckConstraint(
                name="result_size_in_words_has_source",
                condition=Q(size_in_words="", size_source="") | ~Q(size_in_words="") & ~Q(size_source=""),
            ),
            models.CheckConstraint(
                name="result_reported_as_exactly_as_known",
                condition=Q(reported_precision="day")
                | Q(reported_on__isnull=False, reported_precision="month", reported_on__day=1)
                | Q(reported_on__isnull=False, reported_precision="year", reported_on__day=1, reported_on__month=1),
            ),
            models.CheckConstraint(name="result_verdict_has_own_data", condition=Q(verdict="") | ~Q(own_data="")),
            models.CheckConstraint(
                name="result_verdict_is_measured",
                condition=~Q(verdict__in=sorted(v.value for v in MEASURED_VERDICTS))
                | Q(effect__isnull=False, low__isnull=False),
            ),
            _one_of("result_verdict_is_declared", "verdict", ["", *(v.value for v in VERDICTS)]),
            _one_of("result_design_is_declared", "design", [d.value for d in Design]),
            _one_of("result_scale_is_declared", "scale", [s.value for s in Scale]),
            _one_of("result_wanted_is_declared", "wanted", [w.value for w in Wanted]),
            _one_of("result_status_is_declared", "status", [value for value, _ in RESULT.choices]),
            models.CheckConstraint(
                name="result_published_is_reviewed",
                condition=~Q(status__in=["published", "retracted"]) | Q(written_by=None) | Q(reviewed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="result_reviewed_by_another",
                condition=Q(reviewed_by=None) | Q(written_by=None) | ~Q(reviewed_by=F("written_by")),
            ),
            within_limits("result_numbers_in_reason", "effect", "low", "high"),
            paired("result_reviewed_pair", "reviewed_at", "reviewed_by"),
            paired("result_archived_pair", "archived_at", "archived_by"),
        ]
        triggers = [
            BUMP_VERSION,
            NEVER_DELETED,
            _check("arms_add_up", _ARMS, "The arms are not a list that adds up to the number in all."),
            _check("has_sources", _SOURCES, "A result needs a source with a title; links begin with https."),
            _check("size_of_a_source", _SIZE_SOURCE, "The size in words names no source of this result."),
            _check("within_the_initiative", _BEFORE_THE_INITIATIVE, "A date lies before the initiative."),
            decided("result", to="published", by="reviewed_by", unless="NEW.written_by_id IS NULL"),
            *OF_RESULTS,
            pgtrigger.Trigger(
                name="city_was_asked",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__status="published"),
                func=refuse(
                    "result_city_was_asked",
                    f"(TG_OP = 'INSERT' OR OLD.status <> 'published')"
                    f" AND ({_NOT_ANSWERED.format(subject='result', decided='reviewed_at')})",
                    "The city has not replied to this sentence, and its ten days are not over.",
                ),
            ),
            pgtrigger.Trigger(
                name="published_words_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(
                    old__status__in=["in_review", "published", "retracted"], new__written_by__isnull=False
                ),
                func=refuse(
                    "result_published_words_stay",
                    f"NEW.status = OLD.status AND (to_jsonb(NEW) - ARRAY[{_NOT_WORDS}])"
                    f" IS DISTINCT FROM (to_jsonb(OLD) - ARRAY[{_NOT_WORDS}])",
                    "What is in review or published changes only as a draft.",
                ),
            ),
        ]

    def __str__(self):
        return f"{self.outcome}: {self.finding}"


class ResultPublication(models.Model):
    """A result as it was published, corrected or retracted. Never changed: before and after stay readable."""

    class Kind(models.TextChoices):
        PUBLISHED = "published", "Published"
        CORRECTED = "corrected", "Corrected"
        RETRACTED = "retracted", "Retracted"

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="publications")
    number = models.PositiveSmallIntegerField(help_text="1 for the first publication")
    kind = models.CharField(max_length=9, choices=Kind)
    content = models.JSONField(help_text="the fields as engagements.results.records.ResultFields")
    sentence = models.CharField(max_length=limits.NOTE * 2)
    why = text_column(limits.WHY)
    checklist = models.JSONField(default=list, help_text="points the reviewer said yes to, as they were given")
    published_by = person(null=True)
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["result", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["result", "number"], name="result_publication_once"),
            models.CheckConstraint(name="result_publication_says_why", condition=Q(kind="published") | ~Q(why="")),
            models.CheckConstraint(
                name="result_publication_first_is_published", condition=Q(number=1, kind="published") | Q(number__gt=1)
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


@pghistory.track()
class SearchRecord(Versioned, Archivable):
    """Somebody looked for a published result and found none. A later search is a record of its own."""

    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="searches")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="searches")
    searched_by = models.CharField(max_length=limits.NAME, help_text="who searched")
    what = models.CharField(max_length=limits.SENTENCE, help_text="what was looked for")
    places = models.TextField(max_length=limits.DEFINITION, help_text="where: addresses, registries, libraries")
    searched_on = models.DateField(help_text="the day until which results were looked for")
    sentence = models.CharField(max_length=limits.NOTE, help_text="as the public reads it")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = person(null=True)
    is_fictional = models.BooleanField(default=False)
    written_by = person(null=True)
    created_at = models.DateTimeField()
    seed_key = models.SlugField(max_length=limits.EVIDENCE_KEY, blank=True, default="")
    seed_sha256 = models.CharField(
        max_length=64, blank=True, default="", help_text="of the shipped record it came from"
    )

    class Meta:
        ordering = ["engagement", "-searched_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "searched_on"], name="search_once_a_day", condition=_LIVE),
            models.UniqueConstraint(fields=["id", "engagement"], name="search_with_its_engagement"),
            models.CheckConstraint(
                name="search_has_words", condition=~Q(what="") & ~Q(places="") & ~Q(searched_by="") & ~Q(sentence="")
            ),
            models.CheckConstraint(
                name="search_published_by_another",
                condition=Q(written_by=None)
                | Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False) & ~Q(published_by=F("written_by")),
            ),
            paired("search_archived_pair", "archived_at", "archived_by"),
        ]
        triggers = [
            BUMP_VERSION,
            NEVER_DELETED,
            pgtrigger.Trigger(
                name="city_was_asked",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__published_at__isnull=False),
                func=refuse(
                    "search_city_was_asked",
                    _NOT_ANSWERED.format(subject="search", decided="published_at"),
                    "The city has not replied to this sentence, and its ten days are not over.",
                ),
            ),
        ]

    def __str__(self):
        return self.sentence


@pghistory.track()
class ReplyRequest(Versioned, Archivable):
    """The city's right of reply to an exact sentence: ten business days, and 600 characters that travel with it."""

    class Answer(models.TextChoices):
        AGREE = "agree", "Agrees"
        CORRECT = "correct", "Asks for a correction"
        ADD = "add", "Adds"

    engagement = models.ForeignKey("engagements.Engagement", on_delete=models.PROTECT, related_name="reply_requests")
    result = models.ForeignKey(Result, null=True, blank=True, on_delete=models.PROTECT, related_name="reply_requests")
    search = models.ForeignKey(
        SearchRecord, null=True, blank=True, on_delete=models.PROTECT, related_name="reply_requests"
    )
    sentence = models.CharField(max_length=limits.NOTE * 2, help_text="as the public would read it")
    contact = person(null=True, related_name="replies_to_give")
    organisation = models.ForeignKey(
        "engagements.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner = person(related_name="replies_to_follow")
    asked_by = person()
    asked_at = models.DateTimeField()
    asked_on = models.DateField()
    due_on = models.DateField(help_text="ten business days after it was asked")
    answer = models.CharField(max_length=7, choices=Answer, blank=True, default="")
    reply = text_column(limits.REPLY)
    replied_at = models.DateTimeField(null=True, blank=True)
    replied_by = person(null=True)
    received_how = text_column(limits.PHRASE, help_text="of an organization: how its reply came")

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="reply_on_one_thing",
                condition=Q(result__isnull=False, search__isnull=True) | Q(result__isnull=True, search__isnull=False),
            ),
            models.CheckConstraint(
                name="reply_asked_of_one",
                condition=Q(contact__isnull=False, organisation__isnull=True)
                | Q(contact__isnull=True, organisation__isnull=False),
            ),
            models.CheckConstraint(
                name="reply_has_ten_business_days", condition=Q(due_on__gte=F("asked_on") + REPLY_DAYS)
            ),
            models.CheckConstraint(
                name="reply_says_something", condition=~Q(answer__in=["correct", "add"]) | ~Q(reply="")
            ),
            models.CheckConstraint(
                name="reply_answered_has_answer",
                condition=Q(answer="", replied_at=None, reply="") | ~Q(answer="") & Q(replied_at__isnull=False),
            ),
            models.CheckConstraint(
                name="reply_of_organization_says_how",
                condition=Q(organisation=None) | Q(answer="") | ~Q(received_how=""),
            ),
            models.UniqueConstraint(
                fields=["result", "sentence"], name="reply_once_per_result_sentence", condition=_LIVE
            ),
            models.UniqueConstraint(
                fields=["search", "sentence"], name="reply_once_per_search_sentence", condition=_LIVE
            ),
            _one_of("reply_answer_is_declared", "answer", ["", "agree", "correct", "add"]),
            models.CheckConstraint(
                name="reply_replied_by_someone",
                condition=Q(replied_at=None, replied_by=None)
                | Q(replied_at__isnull=False) & (Q(replied_by__isnull=False) | Q(organisation__isnull=False)),
            ),
            paired("reply_archived_pair", "archived_at", "archived_by"),
        ]
        triggers = [
            BUMP_VERSION,
            NEVER_DELETED,
            pgtrigger.Trigger(
                name="replied_by_someone",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=refuse(
                    "reply_without_a_person_came_by_link",
                    "NEW.replied_at IS NOT NULL AND NEW.replied_by_id IS NULL AND NOT EXISTS (SELECT 1"
                    " FROM engagements_replylink l WHERE l.request_id = NEW.id AND l.used_at IS NOT NULL)",
                    "A reply comes from a person or by a link.",
                ),
            ),
        ]

    def __str__(self):
        return self.sentence
