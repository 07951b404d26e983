"""Reports of errors to a service that speaks as Sentry does: what went wrong and where, in nobody's words."""

from django.core.exceptions import ImproperlyConfigured

from .exchange import current
from .masking import masked, text_of


def report_to(dsn: str) -> None:
    """Sends errors from here on; raises `ImproperlyConfigured` with one sentence where that can't work."""
    try:
        import sentry_sdk
        from sentry_sdk.integrations.django import DjangoIntegration
        from sentry_sdk.utils import BadDsn
    except ModuleNotFoundError:
        raise ImproperlyConfigured(
            "SENTRY_DSN is set, but the package sentry-sdk is not installed: install it, or unset SENTRY_DSN."
        ) from None
    try:
        sentry_sdk.init(
            dsn=dsn,
            send_default_pii=False,
            max_request_body_size="never",
            include_local_variables=False,
            max_breadcrumbs=0,
            before_send=without_people,
            # Errors alone: no times, no visits, nothing added to what the site asks of others.
            traces_sample_rate=None,
            auto_session_tracking=False,
            send_client_reports=False,
            trace_propagation_targets=[],
            auto_enabling_integrations=False,
            integrations=[DjangoIntegration(middleware_spans=False, signals_spans=False)],
            shutdown_timeout=5,
        )
    except BadDsn:
        # Neither the address nor the library's message is shown: both may hold a key.
        raise ImproperlyConfigured(
            "SENTRY_DSN is not an address of a project: write https://key@host/number."
        ) from None


def without_people(event: dict, hint: dict) -> dict:
    """For `before_send`: the report without what would tell of a visitor or of staff."""
    for part in ("user", "breadcrumbs", "extra", "server_name"):
        event.pop(part, None)
    asked = current()
    if asked is not None:
        event.setdefault("tags", {}).update(request_id=asked.request_id, page_type=asked.page_type)
    if "request" in event:
        event["request"] = {"method": asked.method, "url": asked.path} if asked is not None else {}
    if "logentry" in event:
        entry = event["logentry"]
        entry["params"] = []
        for name in ("message", "formatted"):
            if entry.get(name):
                entry[name] = masked(entry[name])
    texts = texts_by_type(hint)
    for value in (event.get("exception") or {}).get("values") or []:
        value["value"] = texts.get(value.get("type"), "")
        (value.get("mechanism") or {}).pop("data", None)
    return event


def texts_by_type(hint: dict) -> dict[str, str]:
    """{name of a type of exception: what may be told of its words}, for an error and those that led to it."""
    error = (hint.get("exc_info") or (None, None, None))[1]
    found, seen = {}, set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        found.setdefault(type(error).__name__, text_of(error))
        error = error.__cause__ or error.__context__
    return found
