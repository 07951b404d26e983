"""People with the rights of a group, for tests that ask who may do what."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

ENGLISH_NAMES = {"ar": "Arabic", "zh-hans": "Chinese", "fr": "French", "ru": "Russian", "es": "Spanish"}


def person(name: str, *groups: str, **options):
    """A user in these groups."""
    user = get_user_model().objects.create_user(name, **options)
    user.groups.set(Group.objects.filter(name__in=groups))
    assert user.groups.count() == len(groups), groups
    return user


def translator(code: str):
    return person(f"translator {code}", f"{ENGLISH_NAMES[code]} translators")


def reviewer(code: str):
    return person(f"reviewer {code}", f"{ENGLISH_NAMES[code]} reviewers")
