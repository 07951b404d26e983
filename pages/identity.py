"""What the Centre is called."""

from django.utils.translation import gettext as _

SHORT_NAME = "UNESCO-ICHEI"


def centre_name(settings) -> str:
    """The Centre's full name as it stands at the top of every page, in the active language.

    `settings` are the site's, or None where nobody has set any.
    """
    own = settings.localize("centre_name") if settings else None
    return str(own or _("International Centre for Higher Education Innovation under the auspices of UNESCO"))
