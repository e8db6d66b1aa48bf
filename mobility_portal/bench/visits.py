"""A small HTTP client for the bench: many visitors in one thread, each with a connection and cookies of its own."""

import asyncio
import gzip
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')

_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """`status` 0: no whole answer came within the patience. `seconds` from the first byte sent to the last one read."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def text(self) -> bytes:
        return gzip.decompress(self.body) if self.headers.get("content-encoding") == "gzip" else self.body


@dataclass
class Visitor:
    """One person at `origin` (http://host:port). Connections are kept, as browsers keep them."""

    origin: str
    patience: float = 60.0  # seconds
    cookies: dict[str, str] = field(default_factory=dict)
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> Answer:
        return await self.ask("GET", path)

    async def post(self, path: str, fields: dict[str, str]) -> Answer:
        return await self.ask("POST", path, urlencode(fields).encode())

    async def sign_in(self, email: str, password: str) -> None:
        """Raises PermissionError where the portal does not let them in."""
        found = _TOKEN.search((await self.get("/accounts/login/")).text)
        token = found.group(1).decode() if found else ""
        said = {"csrfmiddlewaretoken": token, "login": email, "password": password}
        answer = await self.post("/accounts/login/", said)
        if answer.status != 302 or "sessionid" not in self.cookies:
            raise PermissionError(f"{email} could not sign in: status {answer.status}.")

    async def ask(self, method: str, path: str, body: bytes = b"", media: str = _FORM) -> Answer:
        """Asked once more on a new connection where the kept one was closed meanwhile, as browsers do."""
        began = time.perf_counter()
        for is_kept in (self._streams is not None, False):
            try:
                return await asyncio.wait_for(self._ask(method, path, body, media), self.patience)
            except (OSError, asyncio.IncompleteReadError, ValueError, IndexError):
                await self.close()
                if not is_kept:
                    break
            except TimeoutError:
                await self.close()
                break
        return Answer(0, {}, b"", time.perf_counter() - began)

    async def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _ask(self, method: str, path: str, body: bytes, media: str) -> Answer:
        began = time.perf_counter()
        host = urlsplit(self.origin)
        if self._streams is None:
            self._streams = await asyncio.open_connection(host.hostname, host.port, limit=1 << 20)
        reader, writer = self._streams
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host.netloc}", "Accept: */*", "Accept-Encoding: gzip"]
        lines += [f"Cookie: {cookies}"] if cookies else []
        if method == "POST":
            lines += [f"Content-Type: {media}", f"Content-Length: {len(body)}"]
            lines += [f"Origin: {self.origin}", f"Referer: {self.origin}{path}"]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        await writer.drain()
        status, headers = self._read_head(await reader.readuntil(b"\r\n\r\n"))
        content = b"" if status in (204, 304) else await _read_body(reader, headers)
        if headers.get("connection") == "close":
            await self.close()
        return Answer(status, headers, content, time.perf_counter() - began)

    def _read_head(self, head: bytes) -> tuple[int, dict[str, str]]:
        first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        headers: dict[str, str] = {}
        for line in lines:
            name, _, value = line.partition(":")
            if name.lower() == "set-cookie":
                key, _, kept = value.strip().partition(";")[0].partition("=")
                self.cookies[key] = kept
            headers[name.lower()] = value.strip()
        return int(first.split(" ")[1]), headers


async def _read_body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding") == "chunked":
        found = b""
        while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
            found += await reader.readexactly(size)
            await reader.readexactly(2)
        await reader.readexactly(2)
        return found
    if "content-length" in headers:
        return await reader.readexactly(int(headers["content-length"]))
    return await reader.read()
