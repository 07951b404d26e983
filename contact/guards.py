"""What keeps a form without a captcha and without a cookie from being flooded."""

import ipaddress
import time
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

# Nobody reads and fills in a form in less.
QUICKEST = 3
# A page may have waited in a cache and in a tab: a week and more.
OLDEST = 8 * 24 * 60 * 60

WINDOW = timedelta(hours=1)
# A whole university may stand behind one address.
PER_ADDRESS = 10
IN_ALL = 200

signer = signing.Signer(salt="contact.opened")


class Refusal(models.TextChoices):
    """Why a form was not taken, in a sentence for whoever sent it. What they typed stays."""

    TRAP = (
        "trap",
        _("A field that people don't see was filled in. It is empty again: please send the form anew."),
    )
    QUICK = (
        "quick",
        _("That was quicker than people write. Please wait a moment and send the form anew."),
    )
    OLD = "old", _("This form was open for too long. Nothing is lost: please send it anew.")
    ELSEWHERE = (
        "elsewhere",
        _("Your browser says that this form was sent from another website. Please send it anew from here."),
    )
    TOO_MANY = "many", _("Too many messages have come in just now. Please send yours again in an hour.")


# Time -------------------------------------------------------------------------------------------------------


def opened_at(moment: float | None = None) -> str:
    """A signed note of when a form was opened.

    It knows nothing of who opened it, so that a cache may give the same page to everybody.
    """
    return signer.sign(str(int(time.time() if moment is None else moment)))


def refusal_of(note: str) -> Refusal | None:
    """What is wrong with the time between opening a form and sending it; None if nothing is."""
    try:
        age = time.time() - int(signer.unsign(note))
    except (signing.BadSignature, ValueError):
        return Refusal.OLD
    if age > OLDEST:
        return Refusal.OLD
    return Refusal.QUICK if age < QUICKEST else None


# Origin -----------------------------------------------------------------------------------------------------


def comes_from_this_site(request) -> bool:
    """Whether a form was sent from this site, as far as the browser says.

    Every browser of today says it (Fetch Metadata; RFC 6454). What says nothing is no browser in which
    another site could send the form, so it is let through to the other measures.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if not origin:
        return True
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    try:
        return urlsplit(origin).netloc == request.get_host()
    except ValueError:
        return False


# Number -----------------------------------------------------------------------------------------------------


def client_address(request) -> str:
    """The address of a visitor; of an IPv6 address the network, which one household has to itself.

    Each proxy in front adds, at the end of X-Forwarded-For, the address from which it was asked. Whatever
    stands before those of our own proxies, anybody may have written.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES_IN_FRONT:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        if len(hops) >= settings.PROXIES_IN_FRONT:
            address = hops[-settings.PROXIES_IN_FRONT]
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6 and not parsed.ipv4_mapped:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed.ipv4_mapped if parsed.version == 6 else parsed)


def has_room_for(request) -> bool:
    """Whether one more message may come from a visitor in this hour; counts it if so.

    The messages of all are counted in the database, which all processes share. Those of an address are
    counted in the cache, where it stands for an hour as a keyed hash and nothing else of it. Processes of one
    machine share that cache in production. Two that count at the same moment may take two messages for one,
    and where each process has a cache of its own, each lets the number through; a cache that is full forgets
    some. None of that passes the limit of all.
    """
    # Imported here: the models need what stands above.
    from .models import ContactMessage

    now = timezone.now()
    if ContactMessage.objects.filter(submit_time__gt=now - WINDOW).count() >= IN_ALL:
        return False
    window = int(now.timestamp() // WINDOW.total_seconds())
    digest = salted_hmac("contact.address", client_address(request), algorithm="sha256").hexdigest()
    key = f"contact:{window}:{digest}"
    count = cache.get(key, 0)
    if count >= PER_ADDRESS:
        return False
    cache.set(key, count + 1, WINDOW.total_seconds())
    return True
