"""The jobs an intervention leads to, by their codes."""

import django.contrib.postgres.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from engagements.migration_operations import BatchedOperations


class Migration(migrations.Migration):

    dependencies = [
        ('engagements', '0029_work_change'),
    ]

    operations = [
        BatchedOperations(
            pgtrigger.migrations.RemoveTrigger(
                model_name='planintervention',
                name='insert_insert',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='planintervention',
                name='update_update',
            ),
            migrations.AddField(
                model_name='planintervention',
                name='occupations',
                field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=7), blank=True, default=list, help_text='codes of the jobs it leads to (Standard Occupational Classification)', size=None),
            ),
            migrations.AddField(
                model_name='planinterventionevent',
                name='occupations',
                field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=7), blank=True, default=list, help_text='codes of the jobs it leads to (Standard Occupational Classification)', size=None),
            ),
        ),
        BatchedOperations(
            pgtrigger.migrations.AddTrigger(
                model_name='planintervention',
                trigger=pgtrigger.compiler.Trigger(name='occupations_are_codes', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        IF cardinality(NEW.occupations) > 5\n            OR cardinality(NEW.occupations) <> (SELECT count(DISTINCT code) FROM unnest(NEW.occupations) AS code)\n            OR EXISTS (SELECT 1 FROM unnest(NEW.occupations) AS code WHERE code !~ '^[0-9]{2}-[0-9]{4}$') THEN\n            RAISE EXCEPTION 'At most 5 occupations, each once, by its code such as 31-1131.' USING ERRCODE = 'check_violation', CONSTRAINT = 'intervention_occupations';\n        END IF;\n        RETURN NEW;\n    ", hash='92753397af262a4861e80f68d953776346355ddf', operation='INSERT OR UPDATE OF "occupations"', pgid='pgtrigger_occupations_are_codes_ffde3', table='engagements_planintervention', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='planintervention',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "engagements_planinterventionevent" ("age_profile", "age_profile_name", "age_profile_year", "archived_at", "archived_by_id", "causal_high", "causal_low", "cost_basis", "cost_price_year", "cost_usd", "duration_months", "evidence_id", "evidence_version", "id", "itt_reason", "name", "occupations", "offered", "people", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "position", "rank_change", "rank_change_se", "starts_on", "study_takeup", "takeup", "version", "years_of_exposure") VALUES (NEW."age_profile", NEW."age_profile_name", NEW."age_profile_year", NEW."archived_at", NEW."archived_by_id", NEW."causal_high", NEW."causal_low", NEW."cost_basis", NEW."cost_price_year", NEW."cost_usd", NEW."duration_months", NEW."evidence_id", NEW."evidence_version", NEW."id", NEW."itt_reason", NEW."name", NEW."occupations", NEW."offered", NEW."people", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'insert\', NEW."id", NEW."plan_id", NEW."position", NEW."rank_change", NEW."rank_change_se", NEW."starts_on", NEW."study_takeup", NEW."takeup", NEW."version", NEW."years_of_exposure"); RETURN NULL;', hash='88c6084e67f57c3ce10a327b6939a8d65d02cf46', operation='INSERT', pgid='pgtrigger_insert_insert_4ac8c', table='engagements_planintervention', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='planintervention',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "engagements_planinterventionevent" ("age_profile", "age_profile_name", "age_profile_year", "archived_at", "archived_by_id", "causal_high", "causal_low", "cost_basis", "cost_price_year", "cost_usd", "duration_months", "evidence_id", "evidence_version", "id", "itt_reason", "name", "occupations", "offered", "people", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "position", "rank_change", "rank_change_se", "starts_on", "study_takeup", "takeup", "version", "years_of_exposure") VALUES (NEW."age_profile", NEW."age_profile_name", NEW."age_profile_year", NEW."archived_at", NEW."archived_by_id", NEW."causal_high", NEW."causal_low", NEW."cost_basis", NEW."cost_price_year", NEW."cost_usd", NEW."duration_months", NEW."evidence_id", NEW."evidence_version", NEW."id", NEW."itt_reason", NEW."name", NEW."occupations", NEW."offered", NEW."people", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, CLOCK_TIMESTAMP(), \'update\', NEW."id", NEW."plan_id", NEW."position", NEW."rank_change", NEW."rank_change_se", NEW."starts_on", NEW."study_takeup", NEW."takeup", NEW."version", NEW."years_of_exposure"); RETURN NULL;', hash='b615cd6ce2f6ee858bd9ced3c73b1b992addf36d', operation='UPDATE', pgid='pgtrigger_update_update_549cc', table='engagements_planintervention', when='AFTER')),
            ),
        ),
    ]
