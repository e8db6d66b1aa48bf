"""A plotly figure as plain lists and dicts: packed arrays unpacked, the template's defaults filled in."""

import base64
import json
from typing import Any

import numpy as np
import plotly.graph_objects as go

Plain = dict[str, Any]


class UnknownFigurePart(ValueError):
    """The figure asks for something this writer cannot draw. Nothing is left out silently."""


def read_figure(figure: go.Figure) -> tuple[list[Plain], Plain]:
    """(traces that are shown, layout), each complete with what the figure's template says."""
    plain = _unpack(json.loads(figure.to_json()))
    layout = plain.get("layout", {})
    template = layout.pop("template", {})
    ours = template.get("layout", {})
    defaults = {key: value for key, value in ours.items() if key not in ("xaxis", "yaxis")}
    merged = _merge(defaults, layout)
    per_type = template.get("data", {})
    traces = [
        _merge((per_type.get(trace.get("type", "scatter")) or [{}])[0], trace)
        for trace in plain.get("data", [])
        if trace.get("visible", True) is True
    ]
    for letter in "xy":
        used = {f"{letter}axis{trace.get(f'{letter}axis', letter)[1:]}" for trace in traces}
        for name in used | {name for name in merged if name.startswith(f"{letter}axis")}:
            merged[name] = _merge(ours.get(f"{letter}axis", {}), merged.get(name, {}))
    return traces, merged


def as_list(value: Any, count: int) -> list:
    """One value for each of `count` points: a list stays (short ones end in None), anything else is repeated."""
    if isinstance(value, list):
        return (value + [None] * count)[:count]
    return [value] * count


def first_given(key: str, *parts: Plain, default: Any = None) -> Any:
    """The value of an option in the first of the parts that has the key: a part's own before what it inherits."""
    return next((part[key] for part in parts if key in part), default)


def _merge(base: Plain, own: Plain) -> Plain:
    merged = dict(base)
    for key, value in own.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merge(merged[key], value) if both else value
    return merged


def _unpack(part: Any) -> Any:
    if isinstance(part, dict):
        if "bdata" in part and "dtype" in part:
            return _numbers(part)
        return {key: _unpack(value) for key, value in part.items()}
    return [_unpack(value) for value in part] if isinstance(part, list) else part


def _numbers(packed: Plain) -> list:
    array = np.frombuffer(base64.b64decode(packed["bdata"]), dtype=packed["dtype"])
    if "shape" in packed:
        array = array.reshape([int(size) for size in str(packed["shape"]).split(",")])
    if array.dtype.kind == "f":
        array = np.where(np.isfinite(array), array.astype(object), np.array(None))
    return array.tolist()
