from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("atlas", "0020_plain_words")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="drawing",
            field=models.JSONField(null=True, help_text="path texts of atlas.records.drawing; null until drawn"),
        )
        for name in ("citygeometry", "areageometry")
    ]
