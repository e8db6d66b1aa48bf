"""Large files straight to the disk while they arrive, never through memory, never beyond the limit."""

import logging
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

logger = logging.getLogger(__name__)


class DiskUploadHandler(FileUploadHandler):
    """Writes the first file of a form to `folder`, as `path`; `too_large` says that the limit cut it off."""

    chunk_size = 1 << 20

    def __init__(self, request, folder: Path, limit: int):
        super().__init__(request)
        self.folder, self.limit = folder, limit
        self.path: Path | None = None
        self.too_large = False
        self.file: BinaryIO | None = None  # the name under which Django closes it
        self._whole = False

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        if self.path is not None:
            raise SkipFile  # one file is asked for
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = self.folder / f"{uuid4().hex}.part"
        self.file = self.path.open("xb")

    def receive_data_chunk(self, raw_data, start):
        if start + len(raw_data) > self.limit:
            self.too_large = True
            self.upload_interrupted()
            raise SkipFile
        assert self.file is not None, "Django calls `new_file` first"
        try:
            self.file.write(raw_data)
        except OSError:  # no room: half a file would leave none for anybody else
            self.upload_interrupted()
            raise

    def file_complete(self, file_size):
        assert self.file is not None and self.path is not None, "Django calls `new_file` first"
        try:
            self.file.close()
        except OSError:
            self.upload_interrupted()
            raise
        self._whole = True
        return UploadedFile(self.path.open("rb"), self.file_name, self.content_type, file_size, self.charset)

    def upload_interrupted(self):
        """The reader went away, the limit was reached or the disk is full: nothing stays on the disk."""
        if self.file and self.path and not self._whole:
            try:
                self.file.close()
            except OSError as error:  # it tries once more to write the rest
                logger.warning("The rest of an upload could not be written: %s", error.strerror)
            self.path.unlink(missing_ok=True)


class MemoryUploadHandler(FileUploadHandler):
    """Keeps the first file of a form in memory up to `limit` bytes; `too_large` says that it was longer."""

    def __init__(self, request, limit: int):
        super().__init__(request)
        self.limit = limit
        self.too_large = False
        self._held: BytesIO | None = None

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        if self._held is not None:
            raise SkipFile  # one file is asked for
        self._held = BytesIO()

    def receive_data_chunk(self, raw_data, start):
        if start + len(raw_data) > self.limit:
            self.too_large = True
            self._held = BytesIO()
            raise SkipFile
        assert self._held is not None, "Django calls `new_file` first"
        self._held.write(raw_data)

    def file_complete(self, file_size):
        assert self._held is not None, "Django calls `new_file` first"
        self._held.seek(0)
        return UploadedFile(self._held, self.file_name, self.content_type, file_size, self.charset)
