"""The bucket's settings, from the environment. Needs no Django: settings.py reads it."""

from collections.abc import Mapping
from typing import Any

CONNECT_SECONDS, READ_SECONDS = 3, 20
IN_MEMORY_BYTES = 2 * 1024 * 1024


def bucket_storage(environment: Mapping[str, str]) -> dict[str, Any] | None:
    """An entry of STORAGES; None while no DOCUMENTS_BUCKET is named.

    Without a key in the environment the machine's own role is used, as the cloud's libraries find it.
    """
    name = environment.get("DOCUMENTS_BUCKET", "")
    if not name:
        return None
    from botocore.config import Config  # only a portal with a bucket pays for loading it

    return {
        "BACKEND": "mobility_portal.object_storage.bucket.Bucket",
        "OPTIONS": {
            "bucket_name": name,
            "endpoint_url": environment.get("DOCUMENTS_BUCKET_ENDPOINT") or None,
            "region_name": environment.get("DOCUMENTS_BUCKET_REGION") or None,
            "access_key": environment.get("DOCUMENTS_BUCKET_KEY_ID") or None,
            "secret_key": environment.get("DOCUMENTS_BUCKET_SECRET") or None,
            "location": environment.get("DOCUMENTS_BUCKET_FOLDER", ""),
            "default_acl": None,  # the bucket's own policy decides, and it should let nobody else in
            "file_overwrite": True,  # names are random: asking whether one is taken costs a request
            "max_memory_size": IN_MEMORY_BYTES,
            "client_config": Config(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"total_max_attempts": 2, "mode": "standard"},
                signature_version="s3v4",
                # Servers other than Amazon's often know the bucket by the path only.
                s3={"addressing_style": "path" if environment.get("DOCUMENTS_BUCKET_ENDPOINT") else "auto"},
            ),
        },
    }
