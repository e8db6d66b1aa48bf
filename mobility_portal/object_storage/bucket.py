"""The bucket as Django's file storage. What goes wrong is said as for a disk: FileNotFoundError, or an OSError."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from s3transfer.exceptions import RetriesExceededError
from storages.backends.s3 import S3Storage

_MISSING = {"404", "NoSuchKey", "NotFound"}


class BucketAway(OSError):
    """The bucket does not answer, refuses our key, or broke off: nothing can be said of the file."""


@contextmanager
def _said_as_of_a_disk(name: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _MISSING:
            raise FileNotFoundError(f"The bucket has no {name}.") from error
        raise BucketAway(f"The bucket refused: {error.response.get('Error', {}).get('Code', 'no reason')}.") from error
    except (BotoCoreError, Boto3Error, RetriesExceededError) as error:
        raise BucketAway(f"The bucket does not answer: {type(error).__name__}.") from error


class Bucket(S3Storage):
    """Names are random, so that no two files meet; no file has an address of its own: views serve them."""

    def _open(self, name: str, mode: str = "rb") -> File:
        """The whole file, fetched before an answer begins: an answer can't be broken off in its middle.

        Over 2 MB it waits on the disk of this host, not in memory. Raises FileNotFoundError, BucketAway.
        """
        with _said_as_of_a_disk(name):
            opened = super()._open(name, mode)
            if "w" not in mode:
                try:
                    opened.open()
                except BaseException:
                    opened.close()
                    raise
            return opened

    def _save(self, name: str, content: File) -> str:
        with _said_as_of_a_disk(name):
            return super()._save(name, content)

    def delete(self, name: str) -> None:
        with _said_as_of_a_disk(name):
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _said_as_of_a_disk(name):
            return super().exists(name)

    def size(self, name: str) -> int:
        with _said_as_of_a_disk(name):
            return super().size(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with _said_as_of_a_disk(path):
            return super().listdir(path)

    def get_modified_time(self, name: str) -> Any:
        with _said_as_of_a_disk(name):
            return super().get_modified_time(name)

    def url(self, *named: Any, **more: Any) -> str:
        """Raises ValueError: what is here is read after a look at the permission, never by its address."""
        raise ValueError("This file is not accessible via a URL.")
