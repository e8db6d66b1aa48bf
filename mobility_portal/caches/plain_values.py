"""How values are written into Redis: JSON, or bytes as they are. Reading them runs nothing.

Whoever can write to Redis could have a pickle run any code in the portal; JSON only makes numbers, texts and lists.
"""

import json

_BYTES, _JSON = b"b", b"j"  # the first byte of an entry; integers have none, so that Redis can count with them
_SCALARS = (str, int, float, bool, type(None))


class NotReadable(ValueError):
    """An entry of another release, or of somebody else."""


class PlainSerializer:
    """For Django's Redis cache."""

    def dumps(self, value: object) -> bytes | int:
        """Raises TypeError for what would come back as something else: tuples, dates, records, subclasses of text."""
        if type(value) is int:
            return value
        if type(value) is bytes:
            return _BYTES + value
        check_plain(value)
        return _JSON + json.dumps(value, separators=(",", ":"), allow_nan=False).encode()

    def loads(self, data: bytes) -> object:
        """Raises NotReadable for what `dumps` never wrote."""
        kind, rest = data[:1], data[1:]
        if kind == _BYTES:
            return rest
        try:
            return json.loads(rest) if kind == _JSON else int(data)
        except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
            raise NotReadable("An entry of the cache is neither JSON nor bytes of this portal.") from error


def check_plain(value: object, path: str = "the value") -> None:
    """Raises TypeError unless `value` is JSON as it stands: None, booleans, numbers, texts, lists, dicts by text."""
    if type(value) is list:
        for index, each in enumerate(value):
            check_plain(each, f"{path}[{index}]")
    elif type(value) is dict:
        for name, each in value.items():
            if type(name) is not str:
                raise TypeError(f"The cache takes text as names, and {path} has {type(name).__name__}.")
            check_plain(each, f"{path}[{name!r}]")
    elif type(value) not in _SCALARS:
        raise TypeError(f"The cache takes JSON or bytes, and {path} is {type(value).__name__}.")
