"""The Kubernetes set: built by Debian's kustomize, each object checked against Kubernetes' own schemas."""

import re
import shutil
import subprocess
from pathlib import Path

import kubernetes_validate
import pytest
import yaml
from django.conf import settings

from mobility_portal.background.queues import GROUPS

SET = Path(settings.BASE_DIR) / "deploy" / "kustomize"
VERSIONS = ("1.31", "1.34")  # the oldest still kept up when this was written, and a new one

KUSTOMIZE = shutil.which("kustomize")
pytestmark = pytest.mark.skipif(KUSTOMIZE is None, reason="no kustomize (Debian's package)")


@pytest.fixture(scope="module")
def built() -> list[dict]:
    run = subprocess.run(
        [str(KUSTOMIZE), "build", SET / "overlays" / "example"], capture_output=True, text=True, check=True
    )
    assert not run.stderr, "no word of what will go"
    return list(yaml.safe_load_all(run.stdout))


def pods(built) -> dict[str, dict]:
    return {o["metadata"]["name"]: o["spec"]["template"]["spec"] for o in built if o["kind"] in ("Deployment", "Job")}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_keeps_the_schema(built, version):
    for found in built:
        kubernetes_validate.validate(found, version, strict=True)


def test_a_misspelled_field_is_found(built):
    web = next(o for o in built if (o["kind"], o["metadata"]["name"]) == ("Deployment", "web"))
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate({**web, "spec": {**web["spec"], "replica": 2}}, VERSIONS[0], strict=True)


def test_every_container_is_locked_and_has_a_bound(built):
    found = pods(built)
    assert {"web", "beat", "migrate"} < set(found)
    for name, pod in found.items():
        assert pod["securityContext"]["runAsNonRoot"] and pod["serviceAccountName"] == "portal", name
        for container in [*pod["containers"], *pod.get("initContainers", [])]:
            locked = container["securityContext"]
            assert locked["readOnlyRootFilesystem"] and not locked["allowPrivilegeEscalation"], name
            assert locked["capabilities"] == {"drop": ["ALL"]} and "memory" in container["resources"]["limits"], name
            assert container["envFrom"][1] == {"secretRef": {"name": "portal-secrets"}}, name
            assert re.fullmatch(r"images\.city\.example/mobility-portal:1\.0", container["image"]), name


def test_each_queue_has_a_worker_and_there_is_one_beat(built):
    workers = [pod["containers"][0]["args"] for name, pod in pods(built).items() if name.startswith("worker-")]
    taken = [group for args in workers for group in args[args.index("mobility_portal.background.workers") + 1 :]]
    assert sorted(taken) == sorted(group.name for group in GROUPS)
    beat = next(o for o in built if (o["kind"], o["metadata"]["name"]) == ("Deployment", "beat"))
    assert beat["spec"]["replicas"] == 1 and beat["spec"]["strategy"] == {"type": "Recreate"}


def test_the_web_rolls_without_a_gap(built):
    web = next(o for o in built if (o["kind"], o["metadata"]["name"]) == ("Deployment", "web"))
    assert web["spec"]["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    container = web["spec"]["template"]["spec"]["containers"][0]
    graceful = next(arg for arg in container["args"] if arg.startswith("--graceful-timeout="))
    waits = int(container["lifecycle"]["preStop"]["exec"]["command"][1]) + int(graceful.split("=")[1])
    assert waits < web["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]


def test_no_secret_is_in_the_set(built):
    assert not [o for o in built if o["kind"] == "Secret"]
    config = next(o for o in built if o["kind"] == "ConfigMap")["data"]
    assert not [name for name in config if re.search("SECRET|PASSWORD|KEY|TOKEN", name)]
