from django.db import migrations

# float32 vectors and WKB do not compress; trying costs a third of the load time.
COLUMNS = (
    ("atlas_estimate", "value"),
    ("atlas_estimate", "standard_error"),
    ("atlas_areaindex", "geoids"),
    ("atlas_boundary", "wkb"),
)


class Migration(migrations.Migration):
    dependencies = [("atlas", "0002_initial")]

    operations = [
        migrations.RunSQL(
            [f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTERNAL" for table, column in COLUMNS],
            [f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTENDED" for table, column in COLUMNS],
        )
    ]
