"""Operations of migrations that change many models at once."""

from django.db import migrations
from django.db.migrations.state import ProjectState


class BatchedOperations(migrations.SeparateDatabaseAndState):
    """Changes that do not build on one another, applied between one state before and one state after.

    Django renders every related model again after each operation: two hundred of them took fourteen seconds of each
    first start and of each test database, one takes one. What a table gets must stand in its CreateModel, because
    tables are made as they are after all of these. A field and a constraint on it go into two batches: undone together,
    the constraint would be looked up in tables that have lost the field.
    """

    def __init__(self, *operations):
        super().__init__(database_operations=list(operations), state_operations=list(operations))

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # rendered again when somebody asks for it
        super().state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for operation in self.database_operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for operation in reversed(self.database_operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)


Together = BatchedOperations  # the name that migrations 0002 and 0008 use
