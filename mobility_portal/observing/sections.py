"""Every section of `/operations/` and of `/metrics`, in the order of the page. A subject adds its line here."""

from django.utils.translation import gettext_lazy as _

from mobility_portal.observing import disk
from mobility_portal.observing.figures import Section

SECTIONS: tuple[Section, ...] = (Section("disk", _("Disk"), disk.read),)
