"""The Centre as other machines are told of it."""

from pages.surroundings import Navigation


def contact_facts(site: Navigation) -> dict:
    """How to reach the Centre, as properties of schema.org's Organization; without what is empty."""
    facts = {"sameAs": [item.record.url for item in site.social_profiles if item.record.url]}
    if site.settings is not None:
        facts |= {
            "address": " ".join(str(site.settings.localize("postal_address")).split()),
            "email": site.settings.email,
            "telephone": site.settings.telephone,
        }
    return {name: value for name, value in facts.items() if value}


def security_contact(site: Navigation) -> str:
    """Whom to tell of a weakness, as an address (RFC 9116, 2.5.3); empty where nobody has said so."""
    if site.settings is None:
        return ""
    email = site.settings.email
    return site.settings.security_contact_address or (f"mailto:{email}" if email else "")
