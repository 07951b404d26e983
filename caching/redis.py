"""Redis or Valkey as a cache that the site can do without: where it is away, processes go on alone."""

import logging
from collections.abc import Callable
from functools import wraps

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from .breaker import Breaker, BreakerOpen

logger = logging.getLogger(__name__)


class DispensableRedisCache(RedisCache):
    """Django's own, but a server that is away is an empty cache: reads find nothing, writes keep nothing.

    Whatever must not be lost has no place in it: what has changed is known from the journal.
    """

    def __init__(self, server, params):
        super().__init__(server, params)
        self._breaker = Breaker()

    def attempt(self, do: Callable, otherwise):
        try:
            with self._breaker.asking((RedisError, OSError)):
                return do()
        except BreakerOpen:
            return otherwise
        except (RedisError, OSError) as error:
            if self._breaker.is_news():
                logger.warning("The shared cache does not answer (%s): each process works for itself.", error)
            return otherwise


def dispensable(name: str, otherwise: Callable):
    """The method of that name, which returns what `otherwise` says where the server is away."""
    original = getattr(RedisCache, name)

    @wraps(original)
    def method(self, *arguments, **options):
        return self.attempt(lambda: original(self, *arguments, **options), otherwise(*arguments, **options))

    return method


def default_of(key, default=None, version=None):
    return default


for name, otherwise in {
    # As if it were somebody's turn and the key were free: whoever asks does the work.
    "add": lambda *arguments, **options: True,
    "get": default_of,
    "set": lambda *arguments, **options: None,
    "touch": lambda *arguments, **options: False,
    "delete": lambda *arguments, **options: False,
    "get_many": lambda *arguments, **options: {},
    "set_many": lambda data, *arguments, **options: list(data),
    "delete_many": lambda *arguments, **options: None,
    "has_key": lambda *arguments, **options: False,
    "clear": lambda *arguments, **options: False,
}.items():
    setattr(DispensableRedisCache, name, dispensable(name, otherwise))
