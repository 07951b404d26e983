"""Uploads in a store of the S3 kind: apart, since its client is large and a site on one disk needs none."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urljoin

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from caching.breaker import Breaker, BreakerOpen

from .stores import StoreUnavailable

logger = logging.getLogger(__name__)

# How many threads of a process may wait for the store at once, and how many seconds the next waits for its
# turn: the others are for visitors who need nothing of it.
AT_ONCE, PATIENCE = 2, 0.5
# Up to this many bytes a file is read into memory; a larger one goes to a temporary file.
IN_MEMORY = 1024 * 1024


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
            if self._breaker.is_news():
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
