"""What /methods/ says, in order.

Worked numbers are not here: `worked_examples` computes them. Pure data.
"""

from dashboards.methods.texts import city_number, comparisons, groups, one_tract, verdicts
from dashboards.methods.texts.entry import MethodEntry
from dashboards.panels.method_anchors import NOT_DONE

GROUPS: tuple[tuple[str, tuple[MethodEntry, ...]], ...] = (
    ("What the numbers are", groups.ENTRIES),
    ("The city’s number", city_number.ENTRIES),
    ("One tract", one_tract.ENTRIES),
    ("Groups, places and time", comparisons.ENTRIES),
    ("What was tested", verdicts.ENTRIES),
)
ENTRIES = tuple(entry for _, entries in GROUPS for entry in entries)
ANCHORS = frozenset({*(entry.anchor for entry in ENTRIES), NOT_DONE})
