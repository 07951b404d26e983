"""The pages of the starting content, by their paths after the language."""

PAGE_PATHS = [
    "",
    "about/",
    "about/directors-message/",
    "about/mission/",
    "about/functions/",
    "about/milestones/",
    "news/",
    "news/netdragon-strategic-cooperation/",
    "accessibility/",
    "privacy/",
    "terms/",
    "contact/",
]
