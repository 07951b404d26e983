"""The Centre as other machines are told of it."""

# The fields of the site settings that hold a profile of the Centre elsewhere.
PROFILES = ("linkedin", "facebook", "x", "youtube", "wechat", "weibo", "bilibili", "instagram")


def contact_facts(settings) -> dict:
    """What the site settings know of how to reach the Centre, as properties of schema.org's Organization.

    The one place that knows the names of those fields; what isn't there or is empty is left out.
    """
    if settings is None:
        return {}

    def text(name: str) -> str:
        if not hasattr(settings, name):
            return ""
        return str(settings.localize(name)).strip()

    profiles = (text(name) or text(f"{name}_url") for name in PROFILES)
    facts = {
        "address": " ".join(text("postal_address").split()),
        "email": text("email"),
        "telephone": text("telephone"),
        "sameAs": [profile for profile in profiles if profile.startswith("https://")],
    }
    return {name: value for name, value in facts.items() if value}
