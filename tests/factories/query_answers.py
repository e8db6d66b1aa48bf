"""Standing in for the database: what `atlas.queries` answers, set by a test."""

import importlib
import pkgutil
import sys
from collections.abc import Callable

import pytest

import atlas.queries

_OURS = ("atlas.", "engagements.", "dashboards.", "mobility_portal.", "tests.")


def replace_queries(monkeypatch: pytest.MonkeyPatch, answers: dict[str, Callable]) -> None:
    """Each named function of `atlas.queries.*` answers as given, wherever a module has imported it.

    Raises KeyError for a name that no module there defines: a test of a query that is gone must fail.
    """
    importlib.import_module("mobility_portal.urls")  # every page's module, before names are looked up in them
    for name, answer in answers.items():
        current = {module: getattr(module, name) for module in _query_modules() if hasattr(module, name)}
        if not current:
            raise KeyError(name)
        held = {id(function) for function in current.values()}
        for module_name, module in list(sys.modules.items()):
            if module_name.startswith(_OURS) and id(getattr(module, name, None)) in held:
                monkeypatch.setattr(module, name, answer)


def _query_modules():
    for found in pkgutil.iter_modules(atlas.queries.__path__, "atlas.queries."):
        yield importlib.import_module(found.name)
