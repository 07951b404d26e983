"""Production with one view, which fails with what it was sent; run as a program, it is asked once."""

import json
import os
import sys
from io import BytesIO
from urllib.parse import urlencode

from ichei_site.settings.production import *  # noqa: F403

ROOT_URLCONF = "tests.monitoring.failing_site"
MIDDLEWARE = ["monitoring.middleware.PageTypeMiddleware"]
PAGE_CACHE_MEGABYTES = 0
# What a visitor sends; not written down here, since reports quote the lines of the code.
SENT = json.loads(os.environ["WORDS"])


def fail(request):
    text = request.POST["text"]
    try:
        raise ValueError(f"can't take {text}")
    except ValueError as error:
        raise RuntimeError(f"{request.POST['name']} at {request.GET['q']}") from error


def fail_by_itself():
    raise LookupError("550 <{mail}> is unknown\nDETAIL: {text}".format(**SENT))


def main():
    import logging

    import sentry_sdk

    # First the site: the page cache needs its settings.
    from ichei_site.wsgi import application
    from caching.front import ask  # isort: skip

    body = urlencode(SENT).encode()
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": "/fails/", "QUERY_STRING": f"q={SENT['query']}",
        "SERVER_NAME": "x", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "ichei.example",
        "wsgi.url_scheme": "https", "wsgi.input": BytesIO(body), "wsgi.errors": sys.stderr, "SCRIPT_NAME": "",
        "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "REMOTE_ADDR": SENT["address"], "HTTP_COOKIE": f"sessionid={SENT['cookie']}",
        "HTTP_USER_AGENT": SENT["agent"],
        "HTTP_X_REQUEST_ID": "0123456789abcdef", "HTTP_REFERER": f"https://ichei.example/?q={SENT['query']}",
        "HTTP_X_FORWARDED_FOR": SENT["address"],
    }  # fmt: skip
    ask(application, environ)
    try:
        fail_by_itself()
    except LookupError:
        logging.getLogger("contact.delivery").exception("Could not write to %s.", SENT["mail"])
    sentry_sdk.flush(10)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.monitoring.failing_site"
    main()
else:
    from django.urls import path

    urlpatterns = [path("fails/", fail), path("admin/", fail, name="wagtailadmin_home")]
