"""Migrations say in a sentence what an operator has to correct before an upgrade, and make a first start short."""

from importlib import import_module
from itertools import groupby

import pytest
from django.apps import apps
from django.db import connection, migrations
from django.db.migrations.loader import MigrationLoader
from pgtrigger.migrations import AddTrigger, RemoveTrigger

from engagements.migration_operations import BatchedOperations
from tests.factories.plans import EvidenceFactory

bounds = import_module("engagements.migrations.0012_bounds_of_numbers")


@pytest.mark.django_db
def test_a_number_out_of_bounds_is_named_before_the_constraint_refuses_it():
    bounds.say_which_rows_are_out_of_bounds(apps, None)
    row = EvidenceFactory()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or the row just made keeps the table from being altered
        cursor.execute("ALTER TABLE engagements_evidencerow DROP CONSTRAINT evidence_numbers_in_reason")
        cursor.execute("UPDATE engagements_evidencerow SET effect = 2.9e152 WHERE id = %s", [row.pk])
    with pytest.raises(ValueError, match=rf"engagements_evidencerow\.effect, rows {row.pk}\."):
        bounds.say_which_rows_are_out_of_bounds(apps, None)


RENDERS_EVERY_RELATED_MODEL = (
    migrations.AddConstraint,
    migrations.RemoveConstraint,
    migrations.AddField,
    migrations.AlterField,
    AddTrigger,
    RemoveTrigger,
)


def test_changes_of_many_tables_are_batched():
    """One by one, the 82 of a single migration took 13 s of every first start; together they take one."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    long_runs = {}
    for (app, name), migration in loader.disk_migrations.items():
        if app == "engagements":
            runs = groupby(migration.operations, lambda operation: isinstance(operation, RENDERS_EVERY_RELATED_MODEL))
            longest = max((len(list(run)) for renders, run in runs if renders), default=0)
            if longest > 4:
                long_runs[name] = longest
    assert long_runs == {}, "wrap them in engagements.migration_operations.BatchedOperations"


def test_a_table_and_its_triggers_come_in_two_batches():
    """Undone together, a trigger would be looked for on a table that is gone already."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    together = {}
    for (app, name), migration in loader.disk_migrations.items():
        if app != "engagements" or name < "0049":  # what was released before is undone by restoring a backup
            continue
        for batch in migration.operations:
            if isinstance(batch, BatchedOperations):
                ours = batch.database_operations
                made = {one.name.lower() for one in ours if isinstance(one, migrations.CreateModel)}
                ruled = {one.model_name.lower() for one in ours if isinstance(one, AddTrigger)}
                if made & ruled:
                    together[name] = sorted(made & ruled)
    assert together == {}
