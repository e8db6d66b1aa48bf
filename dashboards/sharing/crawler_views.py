"""What search engines ask first: robots.txt and the sitemap."""

from django.contrib.sitemaps.views import sitemap as render_sitemap
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from atlas.web.parameters import takes_parameters
from atlas.web.public_reads import Validator, public_read
from dashboards.sharing.addresses import absolute
from dashboards.sharing.sitemaps import SITEMAPS

# Areas are found by their link alone. Embedded views are open: a crawler must read them to be told "noindex".
CLOSED = ("/accounts/", "/areas/", "/search/", "/mail/", "/me/", "/calendar/", "/invitations/")


@public_read(Validator.OWN, is_counted=False)
@require_safe
@takes_parameters()
def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be read; a waste of a crawler's time may not."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    lines += ["", f"Sitemap: {absolute(reverse('sitemap'))}", ""]
    response = HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    return response


@public_read(Validator.RELEASE)
@require_safe
@takes_parameters()
def sitemap(request: HttpRequest) -> HttpResponse:
    """All pages worth listing, as sitemaps.org has it: far fewer than the 50,000 that one file may hold."""
    return render_sitemap(request, SITEMAPS).render()
