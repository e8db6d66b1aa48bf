"""The model Submission is called FormIdempotencyKey; its table stays as it is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("engagements", "0010_lifetime_and_days")]

    operations = [
        migrations.AlterModelTable(name="submission", table="engagements_submission"),
        migrations.RenameModel(old_name="Submission", new_name="FormIdempotencyKey"),
    ]
