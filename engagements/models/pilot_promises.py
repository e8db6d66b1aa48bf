"""What the database asks of a pilot's tables, in SQL: the order of its steps and that nothing changes after locking.

`refuse` wants SQL that holds where a row is refused; each function and constant here is such a piece. Human subjects
are read from the latest locked version itself, so that no column can say otherwise than what was registered.
"""

from typing import Any

import pgtrigger

from engagements.models.abstract import refuse

APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)

# Keys of `HumanSubjects` in the canonical JSON that must say something before anything is drawn or comes in.
HUMAN_SUBJECTS = (
    "determination",
    "body",
    "number",
    "decided_on",
    "document",
    "consent",
    "law",
    "comparison_receives",
    "can_stop",
)
DRAWN_DESIGNS = ("people", "pairs", "clusters", "phased")


def before(
    name: str, test: str, sentence: str, operation: pgtrigger.Operation = pgtrigger.Insert, **more: Any
) -> pgtrigger.Trigger:
    """A trigger before a change that refuses with `sentence` where `test` holds. The constraint is `pilot_NAME`."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=operation,
        func=refuse(f"pilot_{name}", f"({test})", sentence),
        **more,
    )


def takes_part(pilot: str, engagement: str) -> str:
    """Whether an engagement is the pilot's own or one that was asked and has accepted."""
    return f"""EXISTS (SELECT 1 FROM engagements_pilotcity c WHERE c.pilot_id = {pilot}
        AND c.engagement_id = {engagement} AND c.accepted_at IS NOT NULL)"""  # noqa: S608 - our own words


def people_protected(pilot: str, at: str) -> str:
    """Whether the latest locked version says who decided that people are protected, and that holds at the time `at`."""
    told = " AND ".join(f"coalesce(v.h ->> '{key}', '') ~ '[^[:space:]]'" for key in HUMAN_SUBJECTS)
    return f"""EXISTS (
        SELECT 1 FROM (
            SELECT r.content::jsonb -> 'human_subjects' AS h FROM engagements_registrationversion r
            WHERE r.pilot_id = {pilot} ORDER BY r.number DESC LIMIT 1) v
        WHERE {told}
        AND (v.h ->> 'decided_on')::date <= ({at} AT TIME ZONE 'UTC')::date
        AND coalesce(nullif(v.h ->> 'expires_on', '')::date, 'infinity') >= ({at} AT TIME ZONE 'UTC')::date
        AND EXISTS (SELECT 1 FROM engagements_document d WHERE d.id::text = v.h ->> 'document'
            AND d.archived_at IS NULL AND {takes_part(pilot, "d.engagement_id")}))"""  # noqa: S608 - our own words


def protected_first(pilot: str, at: str) -> pgtrigger.Trigger:
    """Nothing of people before a locked registration whose part on human subjects is whole and has not expired."""
    return before(
        "people_protected_first",
        f"NOT {people_protected(pilot, at)}",
        "First lock a registration whose part on human subjects is complete and has not expired.",
    )


_DRAWN = f"""EXISTS (SELECT 1 FROM engagements_registrationversion v WHERE v.pilot_id = NEW.id
    AND v.content::jsonb ->> 'design' IN ({", ".join(f"'{design}'" for design in DRAWN_DESIGNS)}))"""  # noqa: S608 - our own words
_VERSION = "EXISTS (SELECT 1 FROM engagements_registrationversion v WHERE v.pilot_id = NEW.id)"
_ALLOCATION = """EXISTS (SELECT 1 FROM engagements_pilotallocation a
    JOIN engagements_pilotunitlist l ON l.id = a.unit_list_id WHERE l.pilot_id = NEW.id)"""
_RESULT = """EXISTS (SELECT 1 FROM engagements_pilotresult p JOIN engagements_result r ON r.id = p.result_id
    WHERE p.pilot_id = NEW.id AND {})"""

# A state claims rows; without them it is refused.
STATE_WITHOUT_ROWS = f"""(TG_OP = 'INSERT' OR NEW.state <> OLD.state) AND NOT CASE NEW.state
    WHEN 'draft' THEN NOT {_VERSION}
    WHEN 'registered' THEN {_VERSION}
    WHEN 'allocated' THEN {_ALLOCATION}
    WHEN 'running' THEN {_VERSION} AND ({_ALLOCATION} OR NOT {_DRAWN})
    WHEN 'analyzed' THEN EXISTS (SELECT 1 FROM engagements_pilotanalysis a
        WHERE a.pilot_id = NEW.id AND a.role = 'primary' AND a.state = 'done')
    WHEN 'reviewed' THEN {_RESULT.format("r.reviewed_at IS NOT NULL")}
    WHEN 'published' THEN {_RESULT.format("r.status = 'published'")}
    WHEN 'stopped' THEN NEW.stopped_at IS NOT NULL
    ELSE false END"""  # noqa: S608 - our own words


def _how_drawn(content: str) -> str:
    """What of a locked text goes into the draw. Keys that a text of an earlier time lacks are as if they were null."""
    told = f"({content})::jsonb"
    return f"""(SELECT jsonb_build_array(t -> 'design', jsonb_strip_nulls(coalesce(t -> 'draw', '{{}}')),
        jsonb_path_query_array(t, '$.arms[*].key'), jsonb_path_query_array(t, '$.arms[*].weight'),
        CASE WHEN t ->> 'design' = 'phased' THEN t -> 'starts_in' END) FROM (SELECT {told} AS t) told)"""  # noqa: S608 - our own words


# On the table of registrations.
DRAW_CHANGED_AFTER_LOCK = f"""EXISTS (SELECT 1 FROM engagements_pilotunitlist l
        WHERE l.pilot_id = NEW.pilot_id AND l.locked_at IS NOT NULL)
    AND EXISTS (SELECT 1 FROM engagements_registrationversion v
        WHERE v.pilot_id = NEW.pilot_id AND v.sha256 = NEW.previous_sha256
        AND {_how_drawn("v.content")} IS DISTINCT FROM {_how_drawn("NEW.content")})"""  # noqa: S608 - our own words

# On the table of draws: the seed of a registered public draw has one spelling, as `rules.drawing.public_seed` writes
# it, and its day comes after the lock of the list.
SEED_NOT_AS_REGISTERED = """EXISTS (
    SELECT 1 FROM engagements_registrationversion v
    JOIN engagements_pilotunitlist l ON l.id = NEW.unit_list_id
    CROSS JOIN LATERAL (SELECT v.content::jsonb -> 'draw' AS d) told
    CROSS JOIN LATERAL (SELECT (d ->> 'seed_from') || ', ' || (d ->> 'seed_on') AS source) named
    CROSS JOIN LATERAL (SELECT substr(NEW.seed, length(source) + 3) AS numbers) drawn
    WHERE v.id = NEW.registration_id AND CASE WHEN coalesce(d ->> 'seed_from', '') = '' THEN NEW.seed_from <> ''
    ELSE NOT coalesce(
        (d ->> 'seed_on')::date > (l.locked_at AT TIME ZONE 'UTC')::date
        AND (d ->> 'seed_on')::date <= (NEW.drawn_at AT TIME ZONE 'UTC')::date
        AND NEW.seed_from = source AND starts_with(NEW.seed, source || ': ')
        AND CASE WHEN numbers ~ '^(0|[1-9][0-9]{0,8})( (0|[1-9][0-9]{0,8}))*$'
            THEN cardinality(string_to_array(numbers, ' ')) = (d ->> 'seed_numbers')::int
                AND string_to_array(numbers, ' ')::int[] = (SELECT array_agg(n ORDER BY n)
                    FROM unnest(string_to_array(numbers, ' ')::int[]) n)
            ELSE false END, false) END)"""

# Whether a result `r` says otherwise than what its pilot `p` found: by the analysis, or stopped without one.
_SAYS_OTHERWISE = """(CASE WHEN p.analysis_id IS NULL
    THEN {r}.verdict <> 'stopped' OR num_nonnulls({r}.effect, {r}.low, {r}.high, {r}.level) > 0
        OR NOT EXISTS (SELECT 1 FROM engagements_pilot o WHERE o.id = p.pilot_id AND o.stopped_at IS NOT NULL)
    ELSE NOT EXISTS (SELECT 1 FROM engagements_pilotanalysis a WHERE a.id = p.analysis_id
        AND a.pilot_id = p.pilot_id AND a.role = 'primary' AND a.state = 'done'
        AND a.result ->> 'verdict' = {r}.verdict AND a.result ->> 'sentence' = {r}.sentence
        AND {r}.effect IS NOT DISTINCT FROM (a.result #>> '{{primary,value}}')::float8
        AND {r}.low IS NOT DISTINCT FROM (a.result ->> 'shown_low')::float8
        AND {r}.high IS NOT DISTINCT FROM (a.result ->> 'shown_high')::float8
        AND ({r}.low IS NULL OR {r}.level IS NOT DISTINCT FROM (a.result #>> '{{primary,level}}')::float8)) END)"""

# On the table that joins a pilot and its result. A draft that follows another analysis takes its numbers afterward: no
# change of it is accepted before.
RESULT_NOT_AS_FOUND = f"""NOT EXISTS (SELECT 1 FROM engagements_result r JOIN engagements_pilot o ON o.id = NEW.pilot_id
        WHERE r.id = NEW.result_id AND r.engagement_id = o.engagement_id)
    OR (TG_OP = 'UPDATE' AND NOT EXISTS (SELECT 1 FROM engagements_pilotanalysis a WHERE a.id = NEW.analysis_id
        AND a.pilot_id = NEW.pilot_id AND a.role = 'primary' AND a.state = 'done'))
    OR TG_OP = 'INSERT' AND EXISTS (SELECT 1 FROM engagements_result r,
        (SELECT NEW.pilot_id AS pilot_id, NEW.analysis_id AS analysis_id) p
        WHERE r.id = NEW.result_id AND {_SAYS_OTHERWISE.format(r="r")})"""  # noqa: S608 - our own words

# On the table of results.
_CHANGED_FROM_FOUND = f"""EXISTS (SELECT 1 FROM engagements_pilotresult p
    WHERE p.result_id = NEW.id AND {_SAYS_OTHERWISE.format(r="NEW")})"""  # noqa: S608 - our own words
_BY_WHO_MADE_IT = """EXISTS (SELECT 1 FROM engagements_pilotresult p
    LEFT JOIN engagements_pilotanalysis a ON a.id = p.analysis_id
    WHERE p.result_id = NEW.id AND (a.asked_by_id = NEW.reviewed_by_id
        OR EXISTS (SELECT 1 FROM engagements_registrationversion v
            WHERE v.pilot_id = p.pilot_id AND v.locked_by_id = NEW.reviewed_by_id)))"""

OF_RESULTS = (
    before(
        "result_stays_as_found",
        _CHANGED_FROM_FOUND,
        "The numbers and the verdict of a pilot are those of its analysis.",
        pgtrigger.Update,
    ),
    before(
        "result_approved_by_another",
        f"NEW.status = 'published' AND OLD.status <> 'published' AND {_BY_WHO_MADE_IT}",
        "Who registered or analyzed a pilot does not approve its verdict.",
        pgtrigger.Update,
    ),
)
