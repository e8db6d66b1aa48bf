import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from engagements.migration_operations import BatchedOperations


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0055_quotas"),
    ]

    operations = [
        BatchedOperations(
            migrations.CreateModel(
                name="RetentionRun",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("at", models.DateTimeField()),
                    ("counts", models.JSONField(default=dict, help_text="what: how many rows went or were emptied")),
                ],
                options={
                    "ordering": ["-at", "-id"],
                },
            ),
            migrations.CreateModel(
                name="ErasureRequest",
                fields=[
                    (
                        "id",
                        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                    ),
                    ("asked_at", models.DateTimeField()),
                    ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                    ("done_at", models.DateTimeField(blank=True, null=True)),
                    (
                        "user",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                ],
                options={
                    "ordering": ["asked_at", "id"],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("done_at", None), ("withdrawn_at", None)),
                            fields=("user",),
                            name="erasure_request_one_open",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("withdrawn_at", None), ("done_at", None), _connector="OR"),
                            name="erasure_request_done_or_withdrawn",
                        ),
                    ],
                },
            ),
        ),
        BatchedOperations(
            pgtrigger.migrations.AddTrigger(
                model_name="retentionrun",
                trigger=pgtrigger.compiler.Trigger(
                    name="never_changed",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                        hash="e007e7e60a4f8159002e3e98ba95e452e9d52895",
                        operation="UPDATE",
                        pgid="pgtrigger_never_changed_c1fd8",
                        table="engagements_retentionrun",
                        when="BEFORE",
                    ),
                ),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name="erasurerequest",
                trigger=pgtrigger.compiler.Trigger(
                    name="never_deleted",
                    sql=pgtrigger.compiler.UpsertTriggerSql(
                        func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                        hash="c232d43be73ef69e393c10803141c6e931b90b24",
                        operation="DELETE",
                        pgid="pgtrigger_never_deleted_148ed",
                        table="engagements_erasurerequest",
                        when="BEFORE",
                    ),
                ),
            ),
        ),
    ]
