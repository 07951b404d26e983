"""What the environment says, as what it is meant to be; one sentence where it is nothing of the kind."""

import os

from django.core.exceptions import ImproperlyConfigured


def required(name: str, purpose: str) -> str:
    """The environment variable `name`; raises `ImproperlyConfigured` with what is possible if it is none."""
    value = os.environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"Set the environment variable {name}: {purpose}.")
    return value


def flag(name: str, default: bool) -> bool:
    """The environment variable `name` as yes or no; raises `ImproperlyConfigured` for anything else."""
    value = os.environ.get(name, "").strip().lower()
    if value in {"", "1", "true", "yes", "0", "false", "no"}:
        return value in {"1", "true", "yes"} if value else default
    raise ImproperlyConfigured(f"The environment variable {name} says neither yes nor no: write 1 or 0.")


def whole_number(name: str, default: int, possible: str) -> int:
    """The environment variable `name`; raises `ImproperlyConfigured` with what is possible if it is none."""
    text = os.environ.get(name, "").strip() or str(default)
    if not text.isdecimal():
        raise ImproperlyConfigured(f"The environment variable {name} is no number: write {possible}.")
    return int(text)
