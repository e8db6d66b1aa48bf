from django.db import migrations, models
from engagements.migration_operations import BatchedOperations



class Migration(migrations.Migration):
    dependencies = [("engagements", "0039_kept_checklists")]

    operations = [
        BatchedOperations(migrations.AddField(
            model_name="formidempotencykey",
            name="version",
            field=models.PositiveIntegerField(
                help_text="of the milestone right after an entry: later entries of the same device build on it",
                null=True,
            ),
        ),),
    ]
