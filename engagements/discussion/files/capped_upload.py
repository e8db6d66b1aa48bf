"""Files while they arrive: what is more than we take is counted and thrown away, not kept in memory or on the disk."""

from django.core.files.uploadhandler import TemporaryFileUploadHandler

MAX_BYTES = 25_000_000  # of all files of one request together


class CappedUpload(TemporaryFileUploadHandler):
    """Writes to a temporary file up to MAX_BYTES; a larger file arrives empty, with its true `size`.

    So the other fields of the form are still read and nothing typed is lost; `accept` refuses the file by its size.
    """

    def __init__(self, request=None):
        super().__init__(request)
        self.kept = 0  # bytes of the files before this one
        self.too_large = False

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.too_large = False

    def receive_data_chunk(self, raw_data, start):
        if self.kept + start + len(raw_data) > MAX_BYTES and not self.too_large:
            self.too_large = True
            self.file.seek(0)
            self.file.truncate()
        if not self.too_large:
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size):
        if not self.too_large:
            self.kept += file_size
        return super().file_complete(file_size)
