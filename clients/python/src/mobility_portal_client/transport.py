"""How answers are fetched and become data frames."""

import json
import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import pandas as pd
import requests

TOO_MANY_REQUESTS, NOT_MODIFIED = 429, 304
Parameters = Mapping[str, object]
KEPT = 64  # answers whose ETag is asked about again; the longest unused go first


class Problem(Exception):
    """What the portal refused, as its problem document says (RFC 9457). `errors` has sentences by parameter.

    `request_id`: what to tell the portal's administrators, who find the request by it.
    """

    def __init__(self, status: int, title: str, detail: str, errors: Mapping[str, list[str]], request_id: str = ""):
        super().__init__(f"{status} {title} {detail}")
        self.status, self.title, self.detail, self.errors = status, title, detail, dict(errors)
        self.request_id = request_id


class Transport:
    """One portal. `token` is an access token for the cities' work; `retries` is how often it waits after a 429."""

    def __init__(self, address: str, *, token: str = "", timeout: float = 30.0, retries: int = 3):
        self._address = address.rstrip("/") + "/"
        self._timeout, self._retries = timeout, retries
        self._kept: OrderedDict[str, tuple[str, str]] = OrderedDict()  # address -> (ETag, answer as text)
        self._session = requests.Session()
        self._session.headers["Accept"] = "application/json"
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *about: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection that is kept open between two reads."""
        self._session.close()

    def _read(self, path: str, parameters: Parameters) -> Any:
        """The answer at an address. Raises Problem, and requests.RequestException without a portal there."""
        known = {name: value for name, value in parameters.items() if value is not None}
        asked = requests.Request("GET", urljoin(self._address, path.lstrip("/")), params=known)
        made = self._session.prepare_request(asked)
        address = str(made.url)
        if address in self._kept:
            made.headers["If-None-Match"] = self._kept[address][0]
        response = self._send(made)
        if response.status_code == NOT_MODIFIED:
            self._kept.move_to_end(address)
            return json.loads(self._kept[address][1])  # anew: whoever changes an answer changes their own
        if not response.ok:
            raise _problem(response)
        if "ETag" in response.headers:
            self._kept[address] = response.headers["ETag"], response.text
            self._kept.move_to_end(address)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return response.json()

    def _send(self, made: requests.PreparedRequest) -> requests.Response:
        for _ in range(self._retries):
            response = self._session.send(made, timeout=self._timeout)
            if response.status_code != TOO_MANY_REQUESTS:
                return response
            time.sleep(float(response.headers.get("Retry-After", "1")))
        return self._session.send(made, timeout=self._timeout)

    def _frame(self, path: str, parameters: Parameters, columns: Mapping[str, str]) -> pd.DataFrame:
        """Every row of a list, page after page; what stands beside the rows of the first page is in `attrs`."""
        first = answer = self._read(path, parameters)
        if isinstance(answer, list):
            return frame(answer, columns)
        rows = list(answer["results"])
        while answer.get("next"):
            answer = self._read(self._same_portal(answer["next"]), {})
            rows += answer["results"]
        found = frame(rows, columns)
        found.attrs = {name: value for name, value in first.items() if name not in ("results", "next")}
        return found

    def _same_portal(self, link: str) -> str:
        """Where a link of an answer leads, at the address this client was given: the token goes nowhere else."""
        there = urlsplit(link)
        mounted = urlsplit(self._address).path
        return f"{there.path.removeprefix(mounted)}?{there.query}"


def frame(rows: list[dict[str, Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    """Rows with the dtypes of the API's own description; an empty list keeps its columns."""
    found = pd.DataFrame(rows, columns=[*columns] if not rows else None)
    for name, kind in columns.items():
        if name not in found:
            continue
        if kind.startswith("datetime"):
            found[name] = pd.to_datetime(found[name], utc=kind.endswith("UTC]") or None, format="ISO8601")
        elif kind != "object":
            found[name] = found[name].astype(kind)
    return found


def panel_frame(panel: Mapping[str, Any]) -> pd.DataFrame:
    """A panel's rows, numbers as Float64; its finding, caveats, sources and units of columns are in `attrs`."""
    kinds = {column["key"]: "string" if column["kind"] == "text" else "Float64" for column in panel["columns"]}
    found = pd.DataFrame(panel["rows"], columns=[*kinds])
    for name, kind in kinds.items():
        if kind == "string" or pd.api.types.is_numeric_dtype(found[name]) or found[name].isna().all():
            found[name] = found[name].astype(kind)
    found.attrs = {name: value for name, value in panel.items() if name not in ("rows", "columns")}
    found.attrs["units"] = {column["key"]: column["unit"] for column in panel["columns"]}
    return found


def _problem(response: requests.Response) -> Problem:
    try:
        said = response.json()
    except requests.JSONDecodeError:
        said = {}
    return Problem(
        response.status_code,
        said.get("title", response.reason or ""),
        said.get("detail", ""),
        said.get("errors", {}),
        response.headers.get("X-Request-ID", ""),
    )
