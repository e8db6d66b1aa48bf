"""Nothing that waits for an approval is done without one."""

from django.db import migrations, models
from django.db.models import Q

# Done while no approval was asked for, and asked for afterwards: nobody approved it, and it is done.
DONE_BEFORE_IT_WAS_ASKED = """
    UPDATE engagements_milestone SET needs_approval = false
    WHERE status = 'done' AND needs_approval AND approved_by_id IS NULL;
    SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("engagements", "0006_invitations")]
    operations = [
        migrations.RunSQL(DONE_BEFORE_IT_WAS_ASKED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(
                name="milestone_done_as_approved",
                condition=~Q(status="done") | Q(needs_approval=False) | Q(approved_by__isnull=False),
            ),
        ),
    ]
