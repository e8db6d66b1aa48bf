"""The one security header that neither Django nor django-csp sets."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# "Use my location" asks the reader each time; no frame of another site may ask in our name.
POLICY = ", ".join(("geolocation=(self)", *(f"{feature}=()" for feature in ("camera", "microphone", "payment", "usb"))))


class PermissionsPolicyMiddleware:
    """No page of the portal asks for the reader's devices; the search box may ask where the reader is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        return response
