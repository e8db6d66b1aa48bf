from django.db import migrations

from atlas.models.name_search import enable_name_search, remove_name_search


def enable(apps, schema_editor):
    refused = enable_name_search(schema_editor.connection)
    if refused:
        print(f"\n{refused}")


def remove(apps, schema_editor):
    remove_name_search(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('atlas', '0023_public_change'),
    ]

    operations = [migrations.RunPython(enable, remove)]
