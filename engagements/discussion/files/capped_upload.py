"""Files while they arrive: what is more than we take is counted and thrown away, not kept in memory or on the disk."""

import errno
from typing import Any, NoReturn

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler

MAX_BYTES = 25_000_000  # of all files of one request together
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class CappedUpload(TemporaryFileUploadHandler):
    """Writes to a temporary file up to MAX_BYTES; a larger file arrives empty, with its true `size`.

    So the other fields of the form are still read and nothing typed is lost; `accept` refuses the file by its size.
    So it is where the disk is full: the fields are read, and whoever then reads the file gets the OSError.
    """

    def __init__(self, request=None):
        super().__init__(request)
        self.kept = 0  # bytes of the files before this one
        self.too_large = False
        self.no_room: OSError | None = None

    def new_file(self, *args, **kwargs):
        self.too_large, self.no_room = False, None
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            FileUploadHandler.new_file(self, *args, **kwargs)
            empty: Any = UploadedFile(None, self.file_name, self.content_type, 0, self.charset, self.content_type_extra)
            self.file = empty
            self._give_up(error)

    def receive_data_chunk(self, raw_data, start):
        if self.no_room:
            return
        if self.kept + start + len(raw_data) > MAX_BYTES and not self.too_large:
            self.too_large = True
            self.file.seek(0)
            self.file.truncate()
        if not self.too_large:
            try:
                super().receive_data_chunk(raw_data, start)
            except OSError as error:
                self._give_up(error)

    def file_complete(self, file_size):
        if not self.too_large and not self.no_room:
            self.kept += file_size
        try:
            if not self.no_room:
                return super().file_complete(file_size)
        except OSError as error:  # what was still in memory had no room either
            self._give_up(error)
        self.file.size = file_size
        return self.file

    def upload_interrupted(self):
        if not self.no_room:
            super().upload_interrupted()

    def _give_up(self, error: OSError) -> None:
        """What was written so far is thrown away, so that the answer has room. Other trouble is raised."""
        if error.errno not in _NO_ROOM:
            raise error
        self.no_room = error
        if self.file.file is not None:
            try:
                self.file.close()
            except OSError as again:  # it tries once more to write the rest, then lets go
                if again.errno not in _NO_ROOM:
                    raise
        unreadable: Any = _Unreadable(error)
        self.file.file = unreadable


class _Unreadable:
    """In the place of a file that could not be kept."""

    closed, name = False, ""

    def __init__(self, error: OSError):
        self._error = error

    def close(self) -> None:
        """There is nothing to close."""

    def _fail(self, *_asked: object) -> NoReturn:
        raise OSError(self._error.errno, self._error.strerror)

    read = readline = seek = tell = __iter__ = _fail
