"""Two web hosts and three workers with disks of their own, on one Postgres, one Redis and one bucket."""

import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import quote, urlsplit

import boto3
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from moto.server import ThreadedMotoServer

from atlas.models import IngestJob
from engagements.models import Report
from engagements.permissions import Role
from mobility_portal.embedded.processes import choose_port
from tests.deploy.hosts import Host, Network, can_have_hosts, relay
from tests.factories import files
from tests.factories.engagements import UserFactory, member, pair
from tests.runtime.places import PROJECT, processes_of, wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not can_have_hosts(), reason="needs root and network namespaces"),
    pytest.mark.skipif(shutil.which("caddy") is None, reason="needs Caddy: apt-get install caddy"),
]
BUCKET = "several-hosts"
CELERY = ("celery", "-A", "mobility_portal")
WEB = ("web-1", "web-2")
KINDS = ("portfolio_pdf", "portfolio_pptx", "portfolio_xlsx")
TOKEN = "a" * 32  # a form's and its cookie's
SECONDS = 120


class Portal:
    """Everything that runs, by name; each process on a host of its own with its own MOBILITY_HOME."""

    def __init__(self, network: Network, environment: dict[str, str], folder, s3):
        self.network, self.environment, self.folder, self.s3 = network, environment, folder, s3
        self.running, self.hosts = {}, {}

    def host(self, name: str) -> Host:
        if name not in self.hosts:
            self.hosts[name] = self.network.add_host()
        return self.hosts[name]

    def start(self, name: str, *command: str) -> None:
        host = self.host(name)
        home = self.folder / name
        home.mkdir(exist_ok=True)
        environment = {**self.environment, "MOBILITY_HOME": str(home)}
        log = self.folder / f"{name}.log"
        self.running[name] = host.start([sys.executable, "-m", *command], environment, log, PROJECT)

    def start_web(self, name: str) -> None:
        host = self.host(name)
        self.start(
            name,
            "gunicorn",
            "mobility_portal.wsgi:application",
            "--config=python:mobility_portal.gunicorn_settings",
            f"--bind={host.address}:8000",
            "--workers=1",
            "--graceful-timeout=20",
        )

    def start_worker(self, name: str) -> None:
        self.start(
            name, "celery", "-A", "mobility_portal", "worker", "--concurrency=1", f"--hostname={name}@%h", *QUEUES
        )

    def ask(self, name: str, path: str, method: str = "GET", body: bytes | None = None, **headers: str):
        asked = HTTPConnection(self.hosts[name].address, 8000, timeout=20)
        try:
            asked.request(method, path, body, {"Host": "portal.test", **headers})
            answer = asked.getresponse()
            return answer.status, answer.read()
        finally:
            asked.close()

    def answers(self, name: str) -> bool:
        try:
            return self.ask(name, "/readyz")[0] == 200
        except (OSError, HTTPException):
            return False

    def kill(self, name: str) -> None:
        """With everything it started, as a host that loses its power."""
        for pid in processes_of(self.folder / name):
            os.kill(pid, signal.SIGKILL)

    def end_web(self, name: str) -> None:
        self.running[name].send_signal(signal.SIGTERM)
        self.running[name].wait(40)

    def kept_files(self) -> list[str]:
        found = self.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return [one["Key"] for one in found]

    def stop(self) -> None:
        for process in self.running.values():
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        for process in self.running.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


class Proxy:
    """The shipped Caddyfile in front of both web hosts."""

    def __init__(self, folder, upstreams):
        self.port, self.folder = choose_port(None), folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "XDG_DATA_HOME": str(folder / "caddy"),
            "SITE": "localhost",
            "HTTP_PORT": str(choose_port(None)),
            "HTTPS_PORT": str(self.port),
            "UPSTREAM": " ".join(f"{address}:8000" for address in upstreams),
            "STATIC_DIR": str(folder),
        }

    def __enter__(self):
        with (self.folder / "caddy.log").open("wb") as log:
            command = [shutil.which("caddy"), "run", "--config", str(PROJECT / "deploy" / "Caddyfile")]
            self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        assert wait_until(self.is_up, 30), (self.folder / "caddy.log").read_text()
        return self

    def __exit__(self, *failure) -> None:
        self.process.terminate()
        self.process.wait(20)

    def is_up(self) -> bool:
        try:
            return self.ask("/accounts/login/") == 200
        except OSError:
            return False

    def ask(self, path: str) -> int:
        root = self.folder / "caddy" / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        trusting = ssl.create_default_context(cafile=str(root))
        asked = HTTPSConnection("localhost", self.port, timeout=20, context=trusting)
        try:
            asked.request("GET", path)
            answer = asked.getresponse()
            answer.read()
            return answer.status
        finally:
            asked.close()


QUEUES = ("--queues=imports,reports,feeds,mail,quick,celery", "--loglevel=INFO")


@pytest.fixture
def portal(tmp_path, monkeypatch):
    with ExitStack() as stack:
        network = Network()
        stack.callback(network.remove)
        s3 = ThreadedMotoServer(ip_address=network.here, port=0, verbose=False)
        s3.start()
        stack.callback(s3.stop)
        address = "http://{}:{}".format(*s3.get_host_and_port())
        bucket = {"endpoint_url": address, "region_name": "us-east-1"}
        made = boto3.client("s3", **bucket, aws_access_key_id="key", aws_secret_access_key="secret")
        made.create_bucket(Bucket=BUCKET)
        stack.callback(made.close)
        database = connection.settings_dict
        cache = urlsplit(settings.CACHES["default"]["LOCATION"])
        database_port = stack.enter_context(relay(network.here, int(database["PORT"])))
        cache_port = stack.enter_context(relay(network.here, cache.port))
        login = f"{quote(database['USER'])}:{quote(database['PASSWORD'])}"
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "mobility_portal.settings",
            "DATABASE_URL": f"postgres://{login}@{network.here}:{database_port}/{database['NAME']}",
            "REDIS_URL": f"redis://:{cache.password or ''}@{network.here}:{cache_port}{cache.path}",
            "SECRET_KEY": settings.SECRET_KEY,
            "ALLOWED_HOSTS": "portal.test,localhost",
            "STATIC_FROM_SOURCE": "1",
            "DOCUMENTS_BUCKET": BUCKET,
            "DOCUMENTS_BUCKET_ENDPOINT": address,
            "DOCUMENTS_BUCKET_REGION": "us-east-1",
            "DOCUMENTS_BUCKET_KEY_ID": "key",
            "DOCUMENTS_BUCKET_SECRET": "secret",
        }
        running = Portal(network, environment, tmp_path, made)
        stack.callback(running.stop)
        for name in WEB:
            running.start_web(name)
        for name in ("worker-1", "worker-2", "worker-3"):
            running.start_worker(name)
        running.start("beat", *CELERY, "beat", f"--schedule={tmp_path}/beat", "--pidfile=")
        ready = wait_until(lambda: all(running.answers(name) for name in WEB), SECONDS)
        assert ready, "\n".join(path.read_text()[-2000:] for path in tmp_path.glob("*.log"))
        yield running


def cookies(person) -> dict[str, str]:
    client = Client()
    client.force_login(person)
    client.get("/me/")
    return {name: morsel.value for name, morsel in client.cookies.items()}


def form(fields: dict[str, str], upload: tuple[str, bytes] | None = None) -> tuple[bytes, dict[str, str]]:
    lines = [f'--end\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields.items()]
    if upload:
        head = f'--end\r\nContent-Disposition: form-data; name="upload"; filename="{upload[0]}"\r\n\r\n'
        lines.append(head.encode() + upload[1] + b"\r\n")
    return b"".join(lines) + b"--end--\r\n", {"Content-Type": "multipart/form-data; boundary=end"}


def signed_in(person) -> dict[str, str]:
    """Headers of somebody who signed in at another host."""
    return {"Cookie": "; ".join(f"{n}={v}" for n, v in {**cookies(person), "csrftoken": TOKEN}.items())}


def test_any_host_serves_what_another_began_and_nothing_is_lost(portal, tmp_path):
    here, _ = pair()
    operator, funders = UserFactory(is_staff=True), [member(Role.FUNDER, here) for _ in KINDS]

    # A file brought to one web host is imported by whichever worker takes it, on a disk that never saw it.
    content = files.shown_tract(tmp_path / "made.csv", {"26163500100": "20000"}).read_bytes()
    fields = {"csrfmiddlewaretoken": TOKEN, "token": "0b7f2b3e-7f0a-4f2b-9a57-0f9f3f2f8b11"}
    body, head = form(fields, ("t.csv", content))
    status, said = portal.ask("web-1", "/data/bring-in/", "POST", body, **signed_in(operator), **head)
    assert status == 302, said[-2000:]
    assert wait_until(lambda: IngestJob.objects.get().status == "staged", SECONDS), IngestJob.objects.get().report

    # Reports are asked for at one host while a worker is killed: each is made once, and read at the other host.
    people = dict(zip(KINDS, funders, strict=True))
    for kind, person in people.items():
        asked = json.dumps({"kind": kind, "initiative": here.initiative.slug}).encode()
        head = {"Content-Type": "application/json", "X-CSRFToken": TOKEN, "Idempotency-Key": kind}
        status, said = portal.ask("web-1", "/api/v1/reports/", "POST", asked, **signed_in(person), **head)
        assert status == 201, said[-2000:]
    portal.kill("worker-2")
    assert wait_until(lambda: not Report.objects.exclude(status="done").exists(), SECONDS), list(
        Report.objects.values_list("kind", "status", "problem")
    )
    kept = portal.kept_files()
    for report in Report.objects.all():
        status, content = portal.ask("web-2", f"/reports/{report.pk}/file/", **signed_in(people[report.kind]))
        assert status == 200 and len(content) == report.size, report.kind
    assert sorted(kept) == sorted(report.file.name for report in Report.objects.all()), "none twice, none left over"


def test_one_web_host_after_the_other_starts_again_and_no_request_fails(portal, tmp_path):
    failed, answered, over = [], [], threading.Event()
    with Proxy(tmp_path, [portal.hosts[name].address for name in WEB]) as proxy:

        def read() -> None:
            while not over.is_set():
                began = time.monotonic()
                try:
                    status = proxy.ask("/accounts/login/")
                except (OSError, HTTPException) as error:
                    status = repr(error)
                (answered if status == 200 else failed).append((status, time.monotonic() - began))
                time.sleep(0.05)

        readers = [threading.Thread(target=read) for _ in range(4)]
        for reader in readers:
            reader.start()
        try:
            for name in WEB:
                before = len(answered)
                portal.end_web(name)
                portal.start_web(name)
                assert wait_until(lambda name=name: portal.answers(name), SECONDS)
                time.sleep(12)  # until the proxy has looked again
                assert len(answered) > before
        finally:
            over.set()
            for reader in readers:
                reader.join(30)
    assert failed == [] and len(answered) > 100
    print(f"{len(answered)} requests, the slowest {max(seconds for _, seconds in answered):.2f} s")
