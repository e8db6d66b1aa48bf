"""What needs two columns at once: plans, money and indicators stay within their engagement and initiative."""

from django.db import migrations

_ENGAGEMENT = "id, engagement_id"
_KEYS = (
    ("comment", "comment_plan_within_engagement", "plan_id, engagement_id", "plan", _ENGAGEMENT),
    ("planmilestone", "plan_link_within_engagement", "plan_id, engagement_id", "plan", _ENGAGEMENT),
    ("planmilestone", "plan_milestone_within_engagement", "milestone_id, engagement_id", "milestone", _ENGAGEMENT),
    ("plandocument", "plan_document_link_within_engagement", "plan_id, engagement_id", "plan", _ENGAGEMENT),
    ("plandocument", "plan_document_within_engagement", "document_id, engagement_id", "document", _ENGAGEMENT),
    ("indicator", "indicator_plan_within_engagement", "plan_id, engagement_id", "plan", _ENGAGEMENT),
    ("indicatorvalue", "value_within_engagement", "indicator_id, engagement_id", "indicator", _ENGAGEMENT),
    ("indicatorvalue", "value_document_within_engagement", "document_id, engagement_id", "document", _ENGAGEMENT),
    ("ledgerentry", "entry_within_initiative", "engagement_id, initiative_id", "engagement", "id, initiative_id"),
    ("ledgerentry", "entry_plan_within_engagement", "plan_id, engagement_id", "plan", _ENGAGEMENT),
    ("ledgerentry", "entry_milestone_within_engagement", "milestone_id, engagement_id", "milestone", _ENGAGEMENT),
    ("budgetline", "budget_plan_within_engagement", "plan_id, engagement_id", "plan", _ENGAGEMENT),
)


class Migration(migrations.Migration):
    dependencies = [("engagements", "0008_plans_money_reports")]
    operations = [
        migrations.RunSQL(
            f"ALTER TABLE engagements_{table} ADD CONSTRAINT {name} FOREIGN KEY ({columns})"
            f" REFERENCES engagements_{target} ({keys}) DEFERRABLE INITIALLY IMMEDIATE",
            f"ALTER TABLE engagements_{table} DROP CONSTRAINT {name}",
        )
        for table, name, columns, target, keys in _KEYS
    ]
