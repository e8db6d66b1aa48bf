"""Operations of migrations that change many models at once."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.operations.models import CreateModel, IndexOperation, ModelOptionOperation
from django.db.migrations.state import ModelState, ProjectState, StateApps
from django.db.migrations.utils import resolve_relation  # type: ignore[attr-defined] # not in the stubs
from pgtrigger.migrations import AddTrigger, RemoveTrigger

Name = tuple[str, str]  # app label, name of a model in lower case

# What they change is one model, named by themselves, whatever refers to it.
_OF_ONE_MODEL = (FieldOperation, IndexOperation, ModelOptionOperation, CreateModel, AddTrigger, RemoveTrigger)


class BatchedOperations(migrations.SeparateDatabaseAndState):
    """Changes that do not build on one another, applied between one state before and one state after.

    Django renders every related model again after each operation, and here all models are related: two hundred
    operations took fourteen seconds of each first start and of each test database. These render, once for all of them,
    the models they change and those that these refer to; the others when somebody asks for them. What a table gets
    must stand in its CreateModel, because tables are made as they are after all of these. A field and a constraint on
    it go into two batches: undone together, the constraint would be looked up in tables that have lost the field.
    """

    def __init__(self, *operations):
        super().__init__(database_operations=list(operations), state_operations=list(operations))

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        had_apps = state.__dict__.pop("apps", None) is not None
        super().state_forwards(app_label, state)
        if had_apps:
            state.__dict__["apps"] = AppsWhenAsked(state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        before, after = self._parts(app_label, from_state, to_state)
        for operation in self.database_operations:
            operation.database_forwards(app_label, schema_editor, before, after)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        before, after = self._parts(app_label, from_state, to_state)
        for operation in reversed(self.database_operations):
            operation.database_backwards(app_label, schema_editor, before, after)

    def _parts(self, app_label: str, *states: ProjectState) -> tuple[ProjectState, ...]:
        """Of each state what these operations look at; the whole where one of them may look at anything."""
        if not all(isinstance(operation, _OF_ONE_MODEL) for operation in self.database_operations):
            return states
        changed = [(app_label, name_of(operation)) for operation in self.database_operations]
        return tuple(part_of(state, changed) for state in states)


class AppsWhenAsked:
    """Stands for the rendered models of a state, and renders them when one is asked for.

    Django's executor asks whether a state has its models, and copies them before every operation; both cost nothing
    here. It keeps the state as it was, as rendered models do.
    """

    def __init__(self, state: ProjectState):
        self._real_apps = state.real_apps
        self._models = {name: model.clone() for name, model in state.models.items()}
        self._apps: StateApps | None = None

    def clone(self) -> "StateApps | AppsWhenAsked":
        if self._apps is not None:
            return self._apps.clone()
        return AppsWhenAsked(ProjectState(self._models, self._real_apps))

    def __getattr__(self, name: str) -> Any:
        if self._apps is None:
            self._apps = StateApps(self._real_apps, self._models)  # type: ignore[arg-type] # a set, as Django gives it
        return getattr(self._apps, name)


def name_of(operation: Operation) -> str:
    """Of the model it changes, in lower case."""
    return (getattr(operation, "model_name", None) or operation.name).lower()  # type: ignore[attr-defined]


def part_of(state: ProjectState, wanted: Iterable[Name]) -> ProjectState:
    """The state of these models, as far as it has them, and of all they refer to."""
    found: dict[Name, ModelState] = {}
    left = [name for name in wanted if name in state.models]
    while left:
        name = left.pop()
        if name not in found:
            found[name] = state.models[name]
            left += (each for each in _referred_to(found[name]) if each in state.models)
    return ProjectState(found, state.real_apps)


def _referred_to(model: ModelState) -> Iterator[Name]:
    here = (model.app_label, model.name_lower)
    for field in model.fields.values():
        remote = field.remote_field
        if remote is not None:
            yield resolve_relation(remote.model, *here)
            if through := getattr(remote, "through", None):
                yield resolve_relation(through, *here)
    for base in model.bases:
        if isinstance(base, str):
            yield resolve_relation(base, *here)


Together = BatchedOperations  # the name that migrations 0002 and 0008 use
