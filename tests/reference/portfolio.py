"""Every figure of a portfolio counted again from raw rows and raw history, one row at a time.

Knows nothing of the portfolio's own queries: only tables, their events, and the rules in words.
"""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

import pghistory

from atlas.models import City
from engagements import models

STAGES = ("committed", "allocated", "obligated", "disbursed", "spent")


def rows_at(model, as_of):
    """Rows as dicts by id: those there are, or the last event of each until then."""
    if as_of is None:
        return {row["id"]: row for row in model.objects.values()}
    (events,) = pghistory.core.event_models(tracks_model=model)
    found = {}
    for event in events.objects.order_by("pgh_id").values():
        if event["pgh_created_at"] <= as_of:
            found[event["pgh_obj_id"]] = event | {"id": event["pgh_obj_id"]}
    return {pk: row for pk, row in found.items() if row["pgh_label"] != "delete"}


def last_event(model, pk, until, keep=lambda event: True):
    (events,) = pghistory.core.event_models(tracks_model=model)
    found = None
    for event in events.objects.filter(pgh_obj_id=pk).order_by("pgh_id").values():
        if event["pgh_created_at"] <= until and keep(event):
            found = event
    return found


def recompute(initiative, *, as_of, known, today, cities=(), funders=(), first=None, last=None, fictional=False):
    """Figures of recorded (or of invented) things as a dict of plain values."""
    engagements = {
        pk: row for pk, row in rows_at(models.Engagement, as_of).items() if row["initiative_id"] == initiative.pk
    }
    invented = {pk for pk, row in engagements.items() if row["is_fictional"]}
    city_of = {row.pk: row for row in City.objects.all()}
    chosen = {pk for pk, row in engagements.items() if not cities or city_of[row["city_id"]].slug in cities}

    def is_kind(row, engagement):
        return bool(row["is_fictional"] or engagement in invented) is fictional

    def within(day):
        return (first is None or day >= first) and (last is None or day <= last)

    funder_ids = set(models.Organisation.objects.filter(slug__in=funders).values_list("pk", flat=True))
    out = {
        "stages": defaultdict(Decimal),
        "by_city": defaultdict(Decimal),
        "by_funder": defaultdict(Decimal),
        "by_quarter": defaultdict(Decimal),
        "entries": 0,
        "newest": None,
        "years": set(),
    }
    for entry in models.LedgerEntry.objects.filter(initiative=initiative):
        row = {"is_fictional": entry.is_fictional}
        if not is_kind(row, entry.engagement_id) or (as_of and entry.entered_at > as_of):
            continue
        if cities and entry.engagement_id not in chosen:
            continue
        if funders and entry.funder_id not in funder_ids or not within(entry.occurred_on):
            continue
        net = -entry.amount_usd if entry.reverses_id else entry.amount_usd
        quarter = f"{entry.occurred_on.year}Q{(entry.occurred_on.month - 1) // 3 + 1}"
        out["entries"] += 1
        out["newest"] = max(out["newest"] or entry.entered_at, entry.entered_at)
        out["years"].add(entry.price_year)
        out["stages"][entry.stage] += net
        out["by_city"][entry.engagement_id, entry.stage] += net
        out["by_funder"][entry.funder.slug, entry.stage] += net
        out["by_quarter"][quarter, entry.stage] += net

    out["budget"], out["planned"] = defaultdict(Decimal), defaultdict(Decimal)
    for line in rows_at(models.BudgetLine, as_of).values():
        at = line["engagement_id"]
        if at not in chosen or line["archived_at"] or not is_kind(line, at):
            continue
        if funders and line["funder_id"] not in funder_ids:
            continue
        days = (line["period_end"] - line["period_start"]).days + 1
        counted = [line["period_start"] + timedelta(days=n) for n in range(days)]
        counted = [day for day in counted if within(day)]
        out["budget"][at] += line["amount_usd"] * len(counted) / days
        out["planned"][at] += line["amount_usd"] * len([day for day in counted if day <= today]) / days

    moved = {row.milestone_id for row in models.DueDateChange.objects.all() if row.at <= known}
    work = defaultdict(lambda: {"due": 0, "on_time": 0, "late": 0, "moved": 0, "oldest_late": None, "next": None})
    for pk, row in sorted(rows_at(models.Milestone, as_of).items()):
        at = row["engagement_id"]
        if at not in chosen or row["archived_at"] or not is_kind(row, at) or not row["due_on"]:
            continue
        if not within(row["due_on"]):
            continue
        due, open_ = row["due_on"], row["status"] not in ("done", "cancelled")
        own = work[at]
        if due < today and row["status"] != "cancelled":
            own["due"] += 1
            own["moved"] += pk in moved
            own["on_time"] += row["status"] == "done" and row["done_on"] <= due
        if due < today and open_:
            own["late"] += 1
            own["oldest_late"] = min(own["oldest_late"] or due, due)
        if due >= today and open_ and (own["next"] is None or due < own["next"][0]):
            own["next"] = (due, pk)
    out["work"] = dict(work)

    statuses = {}
    begun = sorted(rows_at(models.Participation, as_of).values(), key=lambda row: (row["began_on"], row["id"]))
    for row in begun:
        if row["engagement_id"] in engagements and row["began_on"] <= today:
            statuses[row["engagement_id"]] = row["status"]
    shown = [pk for pk in chosen if (pk in invented) is fictional]
    out["status"] = {pk: statuses.get(pk) for pk in shown}
    out["active"] = sum(statuses.get(pk) == "active" for pk in shown)

    plans, areas, tiers = {}, {}, defaultdict(int)
    for pk, row in rows_at(models.Plan, as_of).items():
        published = last_event(models.Plan, pk, known, lambda event: event["status"] in ("published", "closed"))
        if row["engagement_id"] not in chosen or row["archived_at"] or not published:
            continue
        cut = published["pgh_created_at"]
        plans[pk] = published
        areas[pk] = {row["geoid"] for row in rows_at(models.PlanTract, cut).values() if row["plan_id"] == pk}
        for part in rows_at(models.PlanIntervention, cut).values():
            if part["plan_id"] == pk and not part["archived_at"] and is_kind(published, row["engagement_id"]):
                evidence = models.EvidenceRow.objects.filter(pk=part["evidence_id"]).first()
                tiers[evidence.tier if evidence else "none"] += 1
    out["tiers"] = dict(tiers)

    values = defaultdict(list)
    indicators = rows_at(models.Indicator, as_of)
    for row in rows_at(models.IndicatorValue, as_of).values():
        indicator = indicators.get(row["indicator_id"])
        if not indicator or indicator["archived_at"] or row["archived_at"] or indicator["kind"] != "performance":
            continue
        if indicator["engagement_id"] not in chosen or row["dimension"] or row["status"] not in ("approved", "locked"):
            continue
        if not within(row["period_end"]):
            continue
        if (
            bool(row["is_fictional"] or indicator["is_fictional"] or indicator["engagement_id"] in invented)
            is fictional
        ):
            values[indicator["id"]].append(row)
    out["actual"] = {
        pk: max(rows, key=lambda row: (row["period_end"], row["period_start"], row["id"]))["value"]
        for pk, rows in values.items()
    }
    out["people"], out["households"] = (
        people(indicators, values, areas, plans, unit) for unit in ("people", "households")
    )

    out["updates"] = {}
    kept = rows_at(models.QuarterlyUpdate, as_of)
    published = models.PublishedUpdate.objects.filter(published_at__lte=known).order_by("number")
    for row in published:
        update = kept.get(row.update_id)
        if not update or update["archived_at"] or update["engagement_id"] not in chosen:
            continue
        if not is_kind(update, update["engagement_id"]):
            continue
        key = (update["year"], update["quarter"])
        if first and key < (first.year, (first.month + 2) // 3) or last and key > (last.year, (last.month + 2) // 3):
            continue
        there = out["updates"].get(update["engagement_id"])
        if there is None or (key, row.number) > there[:2]:
            out["updates"][update["engagement_id"]] = (key, row.number, row.what_we_did)

    out["risks"] = sorted(
        (pk, row["likelihood"] * row["severity"])
        for pk, row in rows_at(models.Risk, as_of).items()
        if row["engagement_id"] in chosen
        and not row["archived_at"]
        and row["visibility"] == "all"
        and is_kind(row, row["engagement_id"])
        and row["opened_on"] <= today
        and (row["closed_on"] is None or row["closed_on"] > today)
    )
    return out


def people(indicators, values, areas, plans, unit):
    """The sum of periods that count each person once and share no day and tract with another; None without any."""
    kept = []
    for pk, rows in values.items():
        row = indicators[pk]
        if not row["counts_people"] or row["unit"] != unit or not row["is_unduplicated"]:
            continue
        area = (areas.get(row["plan_id"]) or None) if row["plan_id"] else None
        last = max(rows, key=lambda each: (each["period_end"], -each["period_start"].toordinal()))
        if all(last["period_start"] <= each["period_start"] for each in rows):
            rows = [last]  # a running total
        kept += [(row["engagement_id"], area, each) for each in rows]

    def meets(one, other):
        (place, area, a), (elsewhere, their_area, b) = one, other
        if place != elsewhere or a["period_end"] < b["period_start"] or b["period_end"] < a["period_start"]:
            return False
        return area is None or their_area is None or bool(area & their_area)

    alone = [one for one in kept if not any(meets(one, other) for other in kept if other is not one)]
    return sum(one[2]["value"] for one in alone) if alone else None
