"""Pages that compute nothing must not wait seconds for statsmodels, esda and libpysal."""

import pkgutil
import subprocess
import sys

import atlas.statistics

SLOW = {"statsmodels", "scipy", "libpysal", "esda", "geopandas"}


def test_no_module_loads_a_slow_package_when_imported():
    names = [f"atlas.statistics.{module.name}" for module in pkgutil.iter_modules(atlas.statistics.__path__)]
    code = f"import sys; [__import__(name) for name in {names}]; print(*({SLOW} & set(sys.modules)))"
    assert "atlas.statistics.spatial" in names
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == []
