import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from engagements.migration_operations import BatchedOperations



class Migration(migrations.Migration):
    dependencies = [("engagements", "0047_public_records")]

    operations = [
        BatchedOperations(migrations.CreateModel(
            name="FirstStepsDismissal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),),
    ]
