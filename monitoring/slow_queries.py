"""A line for each query that took long: the statement, never its values."""

import logging
import re
import time

from django.conf import settings

from .exchange import NO_PAGE_TYPE, current
from .metrics import SLOW_QUERIES

logger = logging.getLogger(__name__)

LONGEST = 2000
# Values are parameters; some statements have a few written into them.
LITERAL = re.compile(r"'(?:[^']|'')*'")


def watch(sender=None, *, connection, **kwargs) -> None:
    """For Django's signal `connection_created`, which comes again whenever a connection is opened anew."""
    if timed not in connection.execute_wrappers:
        connection.execute_wrappers.append(timed)


def timed(execute, sql, params, many, context):
    """For `connection.execute_wrappers`."""
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        milliseconds = (time.perf_counter() - began) * 1000
        if 0 < settings.SLOW_QUERY_MS <= milliseconds:
            tell(str(sql), milliseconds)


def tell(sql: str, milliseconds: float) -> None:
    SLOW_QUERIES.inc()
    asked = current()
    logger.warning(
        "A query took long.",
        extra={
            "milliseconds": round(milliseconds, 1),
            "page_type": asked.page_type if asked is not None else NO_PAGE_TYPE,
            "statement": " ".join(LITERAL.sub("'…'", sql).split())[:LONGEST],
        },
    )
