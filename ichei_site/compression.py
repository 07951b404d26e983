"""Public pages are compressed here, so that they are small whatever stands in front of the server."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import has_vary_header, patch_vary_headers

from caching.encodings import SHORTEST, accepts, encoded, is_text


class PublicCompressionMiddleware:
    """Brotli, else gzip, for texts that are the same for everybody.

    What depends on a cookie (the admin, a form with a token) stays as it is: the length of a compressed
    answer tells of the secrets in it (BREACH), and those answers are for few. Nor is a stream touched: a file
    is sent as it lies there.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.gzip = GZipMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.compress(request, self.get_response(request))

    def compress(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if (
            response.streaming
            or response.cookies
            or has_vary_header(response, "Cookie")
            or response.has_header("Content-Encoding")
            or not is_text(response.get("Content-Type", ""))
            or len(response.content) < SHORTEST
        ):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        if not accepts(request.headers.get("Accept-Encoding", ""), "br"):
            return self.gzip.process_response(request, response)
        compressed = encoded(response.content, "br")
        if len(compressed) >= len(response.content):
            return response
        response.content = compressed
        response["Content-Length"] = str(len(compressed))
        response["Content-Encoding"] = "br"
        # The bytes are others now; what they say is the same (RFC 9110, 8.8.1).
        if response.get("ETag", "").startswith('"'):
            response["ETag"] = f"W/{response['ETag']}"
        return response
