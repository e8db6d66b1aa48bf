"""Pages that compute nothing must not wait seconds for statsmodels, esda and libpysal; imports have one direction."""

import ast
import pkgutil
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import atlas.statistics

SLOW = {"statsmodels", "scipy", "libpysal", "esda", "geopandas"}


def test_no_module_loads_a_slow_package_when_imported():
    names = [f"atlas.statistics.{module.name}" for module in pkgutil.iter_modules(atlas.statistics.__path__)]
    code = f"import sys; [__import__(name) for name in {names}]; print(*({SLOW} & set(sys.modules)))"
    assert "atlas.statistics.spatial" in names
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == []


def test_modules_import_each_other_in_one_direction():
    """No cycle, not even one that only a type checker would run."""
    modules = {module.name for module in pkgutil.iter_modules(atlas.statistics.__path__)}
    folder = Path(atlas.statistics.__path__[0])
    graph = {}
    for name in modules:
        tree = ast.parse((folder / f"{name}.py").read_text("utf-8"))
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        named = {(node.module or "").removeprefix("atlas.statistics.") for node in imports}
        named |= {alias.name for node in imports if node.module == "atlas.statistics" for alias in node.names}
        graph[name] = named & modules
    assert graph["results"] == {"intervals"}
    tuple(TopologicalSorter(graph).static_order())  # raises CycleError naming the cycle
