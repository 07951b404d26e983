"""Where pictures and documents are kept: a disk, or a store of the S3 kind that several machines share.

Either may fail for a while. Then whoever asked hears so at once, nothing is kept by halves, and the next who
asks finds it back by itself.
"""

import errno
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urljoin

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from caching.breaker import Breaker, BreakerOpen

logger = logging.getLogger(__name__)

# How many threads of a process may wait for the store at once, and how many seconds the next waits for its
# turn: the others are for visitors who need nothing of it.
AT_ONCE, PATIENCE = 2, 0.5
# How often it is said that it is away.
REMINDER = 60.0
# Up to this many bytes a file is read into memory; a larger one goes to a temporary file.
IN_MEMORY = 1024 * 1024
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


class S3Store(S3Storage):
    """A bucket of Amazon S3, MinIO, Ceph, Garage or the like.

    Visitors never ask it themselves: pictures have addresses of the site, which fetches them for the nginx in
    front of it, so that no page needs another host, and the bucket can stay private.
    """

    def __init__(self, **options):
        timeout = options.pop("timeout", 3)
        style = options.pop("addressing_style", None)
        super().__init__(
            # A name is never used again: what refers to it must not get another file.
            file_overwrite=False,
            querystring_auth=False,
            default_acl=None,
            max_memory_size=IN_MEMORY,
            transfer_config=TransferConfig(use_threads=False),
            client_config=Config(
                connect_timeout=1,
                read_timeout=timeout,
                retries={"total_max_attempts": 2, "mode": "standard"},
                signature_version="s3v4",
                s3={"addressing_style": style} if style else None,
                # Stores other than Amazon's don't know the newer checksums.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
            **options,
        )
        self._breaker = Breaker()
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._reminds = 0.0

    def url(self, name, parameters=None, expire=None, http_method=None):
        return urljoin(settings.MEDIA_URL, filepath_to_uri(name).lstrip("/"))

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Raises `StoreUnavailable` where the store doesn't answer, or has not just now."""
        missing = None
        if not self._turns.acquire(timeout=PATIENCE):
            raise StoreUnavailable("Others wait for the store of files already.")
        try:
            with self._breaker.asking((BotoCoreError, ClientError)):
                try:
                    yield
                except ClientError as error:
                    if not is_missing(error):
                        raise
                    missing = error
        except BreakerOpen:
            raise StoreUnavailable("The store of files has just failed to answer.") from None
        except (BotoCoreError, ClientError) as error:
            if (now := time.monotonic()) >= self._reminds:
                self._reminds = now + REMINDER
                logger.error("The store of files does not answer as it should: %s", error)
            raise StoreUnavailable("The store of files does not answer.") from error
        finally:
            self._turns.release()
        if missing is not None:
            raise FileNotFoundError("There is no such file.") from missing

    def _open(self, name, mode="rb"):
        with self.asked():
            file = super()._open(name, mode)
            if "r" in mode:
                # Now and not at the first look into it, when an answer may have begun already.
                file.open()
            return file

    def _save(self, name, content):
        with self.asked():
            return super()._save(name, content)

    def delete(self, name):
        with self.asked():
            super().delete(name)

    def exists(self, name):
        with self.asked():
            return super().exists(name)

    def listdir(self, name):
        with self.asked():
            return super().listdir(name)

    def size(self, name):
        with self.asked():
            return super().size(name)

    def get_modified_time(self, name):
        with self.asked():
            return super().get_modified_time(name)


def is_missing(error: Exception) -> bool:
    """Whether the store answered as it should: it has no such file."""
    return isinstance(error, ClientError) and error.response["Error"]["Code"] in {"404", "NoSuchKey"}
