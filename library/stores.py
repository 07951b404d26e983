"""Where pictures and documents are kept: a disk, or a store of the S3 kind (s3.py) for several machines.

Either may fail for a while. Then whoever asked hears so at once, nothing is kept by halves, and the next who
asks finds it back by itself.
"""

import errno
import logging
from contextlib import suppress
from pathlib import Path

from django.core.files.storage import FileSystemStorage

logger = logging.getLogger(__name__)

# What the disk says that has no room for a file, or takes none.
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EIO}


class StoreUnavailable(Exception):
    """A file could be neither read nor written, for a reason that passes.

    It is no `OSError`: who catches one takes the file for missing, and it is not.
    """


class StoreIsFull(StoreUnavailable):
    """There is no room for a file."""


class DiskStore(FileSystemStorage):
    """A folder. A file that finds no room leaves nothing of itself behind."""

    def _save(self, name, content):
        place = Path(self.path(name))
        was_free = not place.exists()
        try:
            return super()._save(name, content)
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            with suppress(OSError):
                # Never the whole file of somebody who was quicker and took the name.
                if was_free and place.stat().st_size < content.size:
                    place.unlink()
            logger.error("A file could not be stored: %s.", error.strerror)
            raise StoreIsFull(error.strerror) from error
