"""A connection that goes away, or loses the answer to a form: a proxy in front of the test's portal."""

import socket
import threading
from contextlib import closing, contextmanager, suppress


class Unsteady:
    """`is_up`: whether connections are taken; `lose_every`: of how many sent forms one loses its answer, 0 for none."""

    def __init__(self, house: str):
        host, _, port = house.removeprefix("http://").partition(":")
        self.upstream = (host, int(port))
        self.is_up, self.lose_every, self.sent, self.lost = True, 0, 0, 0
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://localhost:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def drop(self) -> None:
        self.is_up = False
        for each in list(self._open):
            self._end(each)

    def restore(self) -> None:
        self.is_up = True

    def close(self) -> None:
        self.drop()
        self._end(self._listener)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with closing(client), suppress(OSError):
            if not self.is_up:
                return
            with socket.create_connection(self.upstream) as server:
                self._open |= {client, server}
                says_lose = threading.Event()
                back = threading.Thread(target=self._answer, args=(server, client, says_lose), daemon=True)
                back.start()
                while self.is_up and (data := client.recv(65536)):
                    if data.startswith(b"POST ") and b"portal-queue:" in data.lower():
                        self.sent += 1
                        if self.lose_every and self.sent % self.lose_every == 0:
                            says_lose.set()
                    server.sendall(data)
                back.join(0.1)
                self._open -= {client, server}

    def _answer(self, server: socket.socket, client: socket.socket, says_lose: threading.Event) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                if says_lose.is_set():  # the portal has done it; nobody hears of it
                    self.lost += 1
                    break
                client.sendall(data)
        self._end(client)

    @staticmethod
    def _end(each: socket.socket) -> None:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()


@contextmanager
def unsteady(house: str):
    proxy = Unsteady(house)
    try:
        yield proxy
    finally:
        proxy.close()
