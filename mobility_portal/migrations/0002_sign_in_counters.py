from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mobility_portal", "0001_backups")]

    operations = [
        migrations.CreateModel(
            name="SignInCounter",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("value", models.JSONField()),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("key__regex", "^[0-9a-f]{64}$")), name="counter_key_is_a_hash"
                    )
                ],
            },
        ),
        # Written at each try to sign in: nothing of it belongs into the log of the database, or into a copy.
        migrations.RunSQL(
            "ALTER TABLE mobility_portal_signincounter SET UNLOGGED",
            "ALTER TABLE mobility_portal_signincounter SET LOGGED",
        ),
    ]
