"""Static files: where they come from, how they are stored, and whether they changed."""

import os

import brotli
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder, get_finders
from django.core.files.storage import FileSystemStorage
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

from mobility_portal.web_fonts import LICENSES, WEB_FONTS, font_file

# Shipped by packages, used by nobody here.
IGNORED = ["*.map", "redoc", "htmax-*"]


class VendorFinder(BaseFinder):
    """The single files of VENDOR_FILES, so that not all of plotly's data sets become static files."""

    def find(self, path, find_all=False):
        file = settings.VENDOR_FILES.get(path)
        if find_all:
            return [str(file)] if file else []
        return str(file) if file else []  # None would count as a match

    def list(self, ignore_patterns):
        for name, file in settings.VENDOR_FILES.items():
            yield file.name, _Renamed(file, name)

    def check(self, **kwargs):
        return []


class FontFinder(BaseFinder):
    """The fonts of the pages and their licenses: subsets are made in MOBILITY_HOME when they are first asked for."""

    def find(self, path, find_all=False):
        found = self._file(path)
        if find_all:
            return [str(found)] if found else []
        return str(found) if found else []

    def list(self, ignore_patterns):
        for name in [*WEB_FONTS, *LICENSES]:
            file = self._file(name)
            yield file.name, _Renamed(file, name)

    def check(self, **kwargs):
        return []

    @staticmethod
    def _file(path):
        if path in WEB_FONTS:
            return font_file(path, settings.MOBILITY_HOME / "fonts")
        return LICENSES.get(path)


class _Renamed(FileSystemStorage):
    """One file as a storage, found under the folder its static name has."""

    def __init__(self, file, name):
        super().__init__(location=file.parent)
        self.prefix = name.rpartition("/")[0]


class QuickCompressor(Compressor):
    """Brotli at 9 of 11: a few percent larger, twenty times faster on plotly's 4.8 MB."""

    @staticmethod
    def compress_brotli(data):
        return brotli.compress(data, quality=9)


class PortalStaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed names and compressed twins; style sheets are rewritten, scripts are left as shipped."""

    # Without the rule for sourceMappingURL: the maps are ignored, and a missing one would be an error.
    patterns = tuple(rule for rule in CompressedManifestStaticFilesStorage.patterns if rule[0] == "*.css")
    patterns = (("*.css", tuple(rule for rule in patterns[0][1] if "sourceMappingURL" not in str(rule))),)

    def create_compressor(self, **kwargs):
        return QuickCompressor(**kwargs)


def describe_sources() -> list[tuple[str, int, int]]:
    """Name, size and time of change of every static file: two equal lists need no new collection."""
    described = []
    for finder in get_finders():
        for path, storage in finder.list(IGNORED):
            status = os.stat(storage.path(path))
            described.append((storage.path(path), status.st_size, status.st_mtime_ns))
    return sorted(described)
