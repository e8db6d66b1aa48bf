"""Migrations say in a sentence what an operator has to correct before an upgrade."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

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
