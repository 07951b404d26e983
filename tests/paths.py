"""The addresses of the starting content, after the language. What is listed here is measured, audited and
validated in all six languages: a new page joins with one line.
"""

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

# Addresses that are no page of the tree, or another state of one, with the status that they answer.
SPECIAL_ADDRESSES = {
    "about/milestones/?order=oldest": 200,
    "about/milestones/?theme=conferences&year=2019": 200,
    "news/?year=2025": 200,
    "search/": 200,
    "search/?q=UNESCO": 200,
    "search/?q=xyzzyx": 200,
    "contact/?sent=1": 200,
    "no-such-page/": 404,
}


def addresses() -> dict[str, int]:
    """{path after the language: status} of all that a visitor can meet."""
    return dict.fromkeys(PAGE_PATHS, 200) | SPECIAL_ADDRESSES
