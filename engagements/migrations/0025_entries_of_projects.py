"""Entries may name their project; totals are kept by it too, and a plan and a project of one entry agree."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from engagements.migration_operations import BatchedOperations


class Migration(migrations.Migration):

    dependencies = [
        ('engagements', '0024_plain_stages'),
    ]

    operations = [
        BatchedOperations(
            pgtrigger.migrations.RemoveTrigger(
                model_name='ledgerentry',
                name='reversal_of_the_same',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='ledgerentry',
                name='keep_totals',
            ),
            migrations.RemoveConstraint(
                model_name='ledgertotal',
                name='ledger_total_once',
            ),
            migrations.AddField(
                model_name='ledgerentry',
                name='project',
                field=models.ForeignKey(blank=True, db_index=False, help_text='empty: the project of the plan, if there is one', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='engagements.project'),
            ),
            migrations.AddField(
                model_name='ledgertotal',
                name='project',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='engagements.project'),
            ),
        ),
        BatchedOperations(
            migrations.AddIndex(
                model_name='ledgerentry',
                index=models.Index(condition=models.Q(('project__isnull', False)), fields=['project'], name='entry_by_project'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='ledgerentry',
                trigger=pgtrigger.compiler.Trigger(name='reversal_of_the_same', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW.reverses_id IS NOT NULL)', func="\n        IF NOT EXISTS (\n            SELECT 1 FROM engagements_ledgerentry o WHERE o.id = NEW.reverses_id AND o.reverses_id IS NULL\n            AND (o.initiative_id, o.engagement_id, o.plan_id, o.project_id, o.funder_id, o.stage, o.amount_usd,\n                 o.price_year, o.is_fictional)\n                IS NOT DISTINCT FROM (NEW.initiative_id, NEW.engagement_id, NEW.plan_id, NEW.project_id, NEW.funder_id,\n                 NEW.stage, NEW.amount_usd, NEW.price_year, NEW.is_fictional)\n            AND o.occurred_on <= NEW.occurred_on) THEN\n            RAISE EXCEPTION 'A reversal takes back the whole of one entry, on its day or later.' USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_reversal_of_the_same';\n        END IF;\n        RETURN NEW;\n    ", hash='11fe54afe290167c62269d2565dcfee3d0b8a865', operation='INSERT', pgid='pgtrigger_reversal_of_the_same_1d9af', table='engagements_ledgerentry', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='ledgerentry',
                trigger=pgtrigger.compiler.Trigger(name='project_of_its_plan', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW.project_id IS NOT NULL AND NEW.plan_id IS NOT NULL AND NEW.reverses_id IS NULL)', func="PERFORM pg_advisory_xact_lock_shared(hashtext('engagements_projectplan'), hashtext(NEW.plan_id::text));\n        IF EXISTS (SELECT 1 FROM engagements_projectplan l\n            WHERE l.plan_id = NEW.plan_id AND l.project_id <> NEW.project_id) THEN\n            RAISE EXCEPTION 'The plan of this entry calculates for another project.' USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_project_of_its_plan';\n        END IF;\n        RETURN NEW;\n    ", hash='ee5ca9a6d0f20438eacbcf54a86e6dc0730469c2', operation='INSERT', pgid='pgtrigger_project_of_its_plan_01e81', table='engagements_ledgerentry', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='ledgerentry',
                trigger=pgtrigger.compiler.Trigger(name='keep_totals', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE funded record; broken text;', func="\n        -- Two that each spend the last dollar must not pass one another.\n        FOR funded IN SELECT DISTINCT initiative_id, funder_id FROM new_rows ORDER BY 1, 2 LOOP\n            PERFORM pg_advisory_xact_lock(hashtext('engagements_ledgerentry'),\n                hashtext(funded.initiative_id || ':' || funded.funder_id));\n        END LOOP;\n        INSERT INTO engagements_ledgertotal AS t\n            (initiative_id, engagement_id, plan_id, project_id, funder_id, stage, price_year, quarter_start,\n             is_fictional, net_usd, entries, last_entered_at)\n        SELECT initiative_id, engagement_id, plan_id, project_id, funder_id, stage, price_year,\n            date_trunc('quarter', occurred_on)::date, is_fictional, sum(net_usd), count(*), max(entered_at)\n        FROM new_rows GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9\n        ON CONFLICT (initiative_id, engagement_id, plan_id, project_id, funder_id, stage, price_year, quarter_start,\n            is_fictional)\n        DO UPDATE SET net_usd = t.net_usd + excluded.net_usd, entries = t.entries + excluded.entries,\n            last_entered_at = greatest(t.last_entered_at, excluded.last_entered_at);\n        -- What a funder's money may be used for in an engagement: its commitments to it and to the initiative.\n        SELECT later.stage INTO broken\n        FROM (SELECT DISTINCT initiative_id, engagement_id, funder_id, is_fictional FROM engagements_ledgertotal\n              WHERE (initiative_id, funder_id) IN (SELECT initiative_id, funder_id FROM new_rows)) k\n        JOIN LATERAL (\n            SELECT t.stage, sum(t.net_usd) AS net FROM engagements_ledgertotal t\n            WHERE t.initiative_id = k.initiative_id AND t.funder_id = k.funder_id\n            AND t.is_fictional = k.is_fictional AND t.engagement_id IS NOT DISTINCT FROM k.engagement_id\n            AND t.stage <> 'committed' GROUP BY t.stage) later ON true\n        CROSS JOIN LATERAL (\n            SELECT coalesce(sum(t.net_usd), 0) AS net FROM engagements_ledgertotal t\n            WHERE t.initiative_id = k.initiative_id AND t.funder_id = k.funder_id\n            AND t.is_fictional = k.is_fictional AND t.stage = 'committed'\n            AND (t.engagement_id IS NULL OR t.engagement_id = k.engagement_id)) committed\n        WHERE later.net > committed.net LIMIT 1;\n        IF broken IS NULL THEN\n            -- All engagements of a funder together, against all it committed.\n            SELECT later.stage INTO broken\n            FROM (SELECT initiative_id, funder_id, is_fictional, stage, sum(net_usd) AS net\n                  FROM engagements_ledgertotal\n                  WHERE (initiative_id, funder_id) IN (SELECT initiative_id, funder_id FROM new_rows)\n                  GROUP BY 1, 2, 3, 4) later\n            LEFT JOIN (SELECT initiative_id, funder_id, is_fictional, sum(net_usd) AS net\n                  FROM engagements_ledgertotal WHERE stage = 'committed' GROUP BY 1, 2, 3) committed\n                USING (initiative_id, funder_id, is_fictional)\n            WHERE later.stage <> 'committed' AND later.net > coalesce(committed.net, 0) LIMIT 1;\n        END IF;\n        IF broken IS NOT NULL THEN\n            RAISE EXCEPTION 'More is % than this funder committed.', broken\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_after_commitment';\n        END IF;\n        IF EXISTS (\n            SELECT 1 FROM new_rows n WHERE n.stage <> 'committed' AND n.reverses_id IS NULL AND NOT EXISTS (\n                SELECT 1 FROM engagements_ledgerentry c WHERE c.initiative_id = n.initiative_id\n                AND c.funder_id = n.funder_id AND c.is_fictional = n.is_fictional AND c.stage = 'committed'\n                AND (c.engagement_id IS NULL OR c.engagement_id = n.engagement_id)\n                AND c.occurred_on <= n.occurred_on)\n        ) THEN\n            RAISE EXCEPTION 'This is dated before the first commitment of its funder.'\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_dated_after_commitment';\n        END IF;\n        RETURN NULL;\n    ", hash='e4e6f6e0d6bc8ae34718cbdaba7f583f6b70a593', level='STATEMENT', operation='INSERT', pgid='pgtrigger_keep_totals_f80d0', referencing='REFERENCING NEW TABLE AS new_rows ', table='engagements_ledgerentry', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='projectplan',
                trigger=pgtrigger.compiler.Trigger(name='agrees_with_entries', sql=pgtrigger.compiler.UpsertTriggerSql(func="PERFORM pg_advisory_xact_lock(hashtext('engagements_projectplan'), hashtext(NEW.plan_id::text));\n        IF EXISTS (SELECT 1 FROM engagements_ledgerentry e\n                        WHERE e.plan_id = NEW.plan_id AND e.project_id <> NEW.project_id AND e.reverses_id IS NULL\n                        AND NOT EXISTS (SELECT 1 FROM engagements_ledgerentry b WHERE b.reverses_id = e.id)) THEN\n            RAISE EXCEPTION 'Dollars of this plan are recorded for another project.' USING ERRCODE = 'check_violation', CONSTRAINT = 'project_plan_agrees_with_entries';\n        END IF;\n        RETURN NEW;\n    ", hash='6ce457a45bf73fec3e1556aa37dbd652053ada07', operation='INSERT OR UPDATE', pgid='pgtrigger_agrees_with_entries_80711', table='engagements_projectplan', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='ledgerentry',
                constraint=models.CheckConstraint(condition=models.Q(('project', None), ('engagement__isnull', False), _connector='OR'), name='entry_project_of_engagement'),
            ),
            migrations.AddConstraint(
                model_name='ledgertotal',
                constraint=models.UniqueConstraint(fields=('initiative', 'engagement', 'plan', 'project', 'funder', 'stage', 'price_year', 'quarter_start', 'is_fictional'), name='ledger_total_once', nulls_distinct=False),
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE engagements_ledgerentry ADD CONSTRAINT entry_project_within_engagement"
            " FOREIGN KEY (project_id, engagement_id) REFERENCES engagements_project (id, engagement_id)"
            " DEFERRABLE INITIALLY IMMEDIATE",
            "ALTER TABLE engagements_ledgerentry DROP CONSTRAINT entry_project_within_engagement",
        ),
    ]
