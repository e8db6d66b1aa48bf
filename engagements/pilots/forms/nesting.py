"""A nested draft as flat names of form fields, and back."""

from collections.abc import Mapping
from typing import Any

_DOT = "__"


def flatten(plain: Any, name: str = "") -> dict[str, Any]:
    """{"outcome": {"key": "a"}} -> {"outcome__key": "a"}; lists of records by place; other lists stay."""
    if isinstance(plain, Mapping):
        parts = plain.items()
    elif isinstance(plain, list) and plain and isinstance(plain[0], Mapping):
        parts = enumerate(plain)  # type: ignore[assignment]
    else:
        return {name: plain} if name else {}
    found: dict[str, Any] = {}
    for key, value in parts:
        found |= flatten(value, f"{name}{_DOT}{key}" if name else str(key))
    return found


def field_id(name: str) -> str:
    """The id in the page of the field a problem names: "arms.1.name" -> "id_arms__1__name"; "" for none."""
    return f"id_{name.replace('.', _DOT)}" if name else ""


def nest(flat: Mapping[str, Any]) -> dict[str, Any]:
    """The other way. Rows of nobody are left out; what is empty takes the record's default."""
    root: dict[str, Any] = {}
    for name, value in flat.items():
        if value in (None, ""):
            continue
        *path, last = name.split(_DOT)
        at = root
        for part in path:
            at = at.setdefault(part, {})
        at[last] = value
    root["arms"] = _rows(root.get("arms", {}), ("name", "gets", "key"), least=2)
    root["secondary"] = [_second(one, root) for one in _rows(root.get("secondary", {}), ("name", "key"))]
    root["subgroups"] = _rows(root.get("subgroups", {}), ("column",))
    for arm, key in zip(root["arms"], ("comparison", "program"), strict=False):
        arm.setdefault("key", key)
    for arm in root["arms"]:
        for part in ("key", "name", "gets"):
            arm.setdefault(part, "")
    for group in root["subgroups"]:
        group.setdefault("values", [])
    return root


def _rows(by_place: Mapping[str, dict[str, Any]], telling: tuple[str, ...], least: int = 0) -> list[dict[str, Any]]:
    rows = [by_place[place] for place in sorted(by_place, key=int)]
    kept = [row for row in rows if any(row.get(name) for name in telling)]
    return kept if len(kept) >= least else [by_place.get(str(place), {}) for place in range(least)]


def _second(one: dict[str, Any], root: Mapping[str, Any]) -> dict[str, Any]:
    """A second outcome is measured as the first where nothing else is said."""
    first = root.get("outcome", {})
    same = {name: first[name] for name in ("after", "source", "window_from", "window_to") if name in first}
    return {"key": "", "name": "", "kind": "share", "unit": "percentage points"} | same | one
