from django.db import migrations

# Tables of estimates kept their last retired release before anybody wrote down whose place it held.
FILL = """
UPDATE atlas_livepart part SET previous_id = (
    SELECT id FROM atlas_release WHERE dataset = part.dataset AND status = 'retired'
    ORDER BY retired_at DESC, id DESC LIMIT 1
) WHERE part.part = ''
"""


class Migration(migrations.Migration):
    dependencies = [("atlas", "0009_operations")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
