"""One line for each event: JSON for machines, or text for people; never with what would tell of a visitor."""

import copy
import logging
import os
import re
import time

from django.core.exceptions import ImproperlyConfigured
from pythonjsonlogger.json import JsonFormatter

from .exchange import current
from .masking import masked, traceback_of

# One line a request; see `front.py`.
ACCESS = "monitoring.access"
# All that a line may hold besides: Django and others attach whole requests, with all that is in them.
FIELDS = frozenset(
    {
        *("time", "level", "logger", "message", "request_id", "exception"),
        *("method", "path", "status", "milliseconds", "page_type", "language", "bytes"),
        "statement",
    }
)


class JsonLines(JsonFormatter):
    """`{"time": UTC (ISO 8601), "level", "logger", "message", "request_id", …}`."""

    def __init__(self):
        super().__init__(
            ["levelname", "name", "message"],
            rename_fields={"levelname": "level", "name": "logger", "exc_info": "exception"},
            timestamp="time",
            json_ensure_ascii=False,
        )

    def process_log_record(self, log_data):
        line = {
            name: masked(value) if isinstance(value, str) else value
            for name, value in log_data.items()
            if name in FIELDS
        }
        if (asked := current()) is not None:
            line["request_id"] = asked.request_id
        return line

    def formatException(self, ei):  # noqa: N802, the name that logging calls
        return traceback_of(ei[1])


class TextLines(logging.Formatter):
    """The same for people: time in UTC, level, logger, id of the request, message."""

    converter = time.gmtime

    def __init__(self):
        super().__init__("%(asctime)sZ %(levelname)s %(name)s%(id_of_request)s: %(message)s%(details)s")
        self.default_msec_format = "%s.%03d"

    def format(self, record):
        asked = current()
        record.id_of_request = f" [{asked.request_id}]" if asked is not None else ""
        milliseconds, statement = getattr(record, "milliseconds", None), getattr(record, "statement", "")
        record.details = f" {milliseconds} ms" if milliseconds is not None else ""
        record.details += f" {statement}" if statement else ""
        return masked(super().format(record))

    def formatException(self, ei):  # noqa: N802, the name that logging calls
        return traceback_of(ei[1])


class WithoutVisitor(logging.Filter):
    """Takes out of gunicorn's own lines from where a request came, and what was asked or sent."""

    REFUSED = re.compile(r"Invalid request from ip=\S*: ([^:'\"]*).*", re.DOTALL)
    QUERY = re.compile(r"\?\S*")

    def filter(self, record):
        told = record.getMessage()
        kept = self.QUERY.sub("", self.REFUSED.sub(r"Invalid request: \1", told))
        if kept == told:
            return True
        # Another handler may have the record, too.
        record = copy.copy(record)
        record.msg, record.args = kept, None
        return record


def chosen_format(default: str) -> str:
    """`json` or `text`, as LOG_FORMAT says; raises `ImproperlyConfigured` for anything else."""
    chosen = os.environ.get("LOG_FORMAT", "").strip().lower() or default
    if chosen not in {"json", "text"}:
        raise ImproperlyConfigured("The environment variable LOG_FORMAT is json or text.")
    return chosen


def configuration(log_format: str, loggers: dict[str, dict]) -> dict:
    """For `logging.config.dictConfig`: everything from WARNING on, and what `loggers` asks for besides."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "monitoring.logs.JsonLines"},
            "text": {"()": "monitoring.logs.TextLines"},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": log_format}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": loggers,
    }
