"""Water and main roads as paths on a drawing's grid, and where their names stand."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LayerPaths:
    """Path texts in a drawing's grid units; names and shields with the point they stand at."""

    water: str = ""
    roads_1: str = ""  # S1100
    roads_2: str = ""  # S1200
    shields: tuple[tuple[str, float, float], ...] = ()
    water_names: tuple[tuple[str, float, float], ...] = ()


NO_LAYERS = LayerPaths()
