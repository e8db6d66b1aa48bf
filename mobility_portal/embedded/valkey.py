"""A private Valkey (speaks the Redis protocol) in the home: queue of jobs and cache."""

import os
import signal
import socket
import subprocess
import time

from mobility_portal.embedded.binaries import find_valkey
from mobility_portal.embedded.home import Home
from mobility_portal.embedded.processes import (
    choose_identity,
    choose_port,
    clean_environment,
    last_line,
    open_log,
    reach,
    stop,
    works_in,
)
from mobility_portal.embedded.refusal import Refusal

START_PATIENCE = 10.0  # seconds


def url(home: Home, port: int) -> str:
    return f"redis://:{home.secret('valkey_password')}@127.0.0.1:{port}/0"


def answers(home: Home, known: dict | None) -> bool:
    """Whether the server in the state file is ours (by its working folder) and really answers."""
    return known is not None and bool(known) and works_in(known["pid"], home.valkey) and _ping(home, known["port"])


def start(home: Home, port_of_last_time: int | None) -> dict:
    """Start the server; returns its {"pid", "port"}. The caller holds the start lock of the home."""
    binary = find_valkey()
    identity = choose_identity(home.valkey)
    home.valkey.mkdir(mode=0o700, exist_ok=True)
    identity.own(home.valkey)
    deadline = time.monotonic() + START_PATIENCE
    while time.monotonic() < deadline:
        port = choose_port(port_of_last_time)
        executable = os.open(binary, os.O_RDONLY)
        try:
            with reach(home.valkey) as (folder, descriptors), open_log(home.log / "valkey.log") as output:
                by_descriptor = bool(descriptors)  # the program, too, may lie where its user cannot walk to
                process = subprocess.Popen(  # noqa: S603 - our own words, no shell
                    [str(binary), "-"],
                    executable=f"/proc/self/fd/{executable}" if by_descriptor else str(binary),
                    stdin=subprocess.PIPE,
                    stdout=output,
                    stderr=output,
                    env=clean_environment(),
                    cwd="/",
                    pass_fds=(*descriptors, executable) if by_descriptor else (),
                    start_new_session=True,
                    **identity.popen_arguments(),
                )
                # By standard input: a password among the arguments would show in the process list.
                assert process.stdin, "asked for as a pipe"
                process.stdin.write(_configuration(home, folder, port).encode())
                process.stdin.close()
        finally:
            os.close(executable)
        home.write_state({**home.read_state(), "valkey": {"pid": process.pid, "port": port}})
        while process.poll() is None and time.monotonic() < deadline:
            if _ping(home, port):
                process.returncode = 0  # it outlives this object on purpose
                return {"pid": process.pid, "port": port}
            time.sleep(0.01)
        port_of_last_time = None  # taken in between: try another
    reason = last_line(home.log / "valkey.log")
    raise Refusal(f"Valkey does not start: {reason}; see {home.log / 'valkey.log'}.")


def shut_down(home: Home, known: dict | None) -> None:
    """Saves the queue, then ends."""
    if known:
        stop(known["pid"], home.valkey, signal.SIGTERM, patience=4.0)


def _configuration(home: Home, folder: str, port: int) -> str:
    return "\n".join(
        [
            "bind 127.0.0.1",
            "protected-mode yes",
            f"port {port}",
            f"requirepass {home.secret('valkey_password')}",
            f"dir {folder}",
            "save 60 1",
            # A full disk stops no page and no mail: what is queued is in the database too.
            "stop-writes-on-bgsave-error no",
            "appendonly no",
            "maxmemory 256mb",
            # Only keys with an expiry may go: cached pages, never queued jobs.
            "maxmemory-policy volatile-lru",
            "",
        ]
    )


def _ping(home: Home, port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(f"AUTH {home.secret('valkey_password')}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2:
                received = connection.recv(256)
                if not received:
                    return False
                answer += received
            return answer == b"+OK\r\n+PONG\r\n"
    except OSError:
        return False
