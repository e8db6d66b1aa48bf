"""Celery's beat, which goes on when its file of times is broken, can't be written or has no room."""

import dbm
import logging
from typing import Any

from celery.beat import PersistentScheduler

logger = logging.getLogger(__name__)
_TROUBLE = (OSError, ValueError, *dbm.error)


class _InMemory(dict[str, Any]):
    """In the place of the file: the same until this process ends."""

    def sync(self) -> None:
        """Nothing to write."""

    def close(self) -> None:
        """Nothing to close."""


class KeepsGoingScheduler(PersistentScheduler):
    """Without its file every task is due once its interval has passed since the start, and no task is skipped.

    A beat that ended instead would be started again and again, and nothing would be sent at all.
    """

    _said = False

    def setup_schedule(self) -> None:
        try:
            super().setup_schedule()
        except _TROUBLE as error:
            self._say(error)
            self._store = _InMemory()
            super()._create_schedule()
            self.merge_inplace(self.app.conf.beat_schedule)
            self.install_default_entries(self.schedule)

    def sync(self) -> None:
        try:
            super().sync()
            self._said = False
        except _TROUBLE as error:
            self._say(error)

    def close(self) -> None:
        try:
            super().close()
        except _TROUBLE as error:
            self._say(error)

    def _say(self, error: Exception) -> None:
        """Once per trouble: it is tried every few minutes."""
        if not self._said:
            logger.error("The file of beat's times can't be used, they are kept in memory: %s", error)
        self._said = True
