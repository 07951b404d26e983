"""Who may do what: the table that the tests try and that docs/rights.md shows to staff."""

EDITOR, PUBLISHER, ADMINISTRATOR = "editor", "publisher", "administrator"
TRANSLATOR_FR, TRANSLATOR_RU = "French translator", "Russian translator"
REVIEWER_FR, REVIEWER_RU = "French reviewer", "Russian reviewer"
ANONYMOUS, STRANGER = "anonymous visitor", "account without a group"

# {role: its group; None for none}.
ROLES = {
    ANONYMOUS: None,
    STRANGER: None,
    EDITOR: "Editors",
    PUBLISHER: "Publishers",
    TRANSLATOR_FR: "French translators",
    REVIEWER_FR: "French reviewers",
    TRANSLATOR_RU: "Russian translators",
    REVIEWER_RU: "Russian reviewers",
    ADMINISTRATOR: None,
}

NOBODY_ELSE = {ADMINISTRATOR}
EDITING = {EDITOR, PUBLISHER} | NOBODY_ELSE
PUBLISHING = {PUBLISHER} | NOBODY_ELSE
FRENCH, RUSSIAN = {TRANSLATOR_FR, REVIEWER_FR} | NOBODY_ELSE, {TRANSLATOR_RU, REVIEWER_RU} | NOBODY_ELSE
FRENCH_REVIEW, RUSSIAN_REVIEW = {REVIEWER_FR} | NOBODY_ELSE, {REVIEWER_RU} | NOBODY_ELSE
REVIEWING = {REVIEWER_FR, REVIEWER_RU}
TRANSLATING = FRENCH | RUSSIAN
EVERYBODY = EDITING | TRANSLATING

# {subject: {action: the roles that may}}; whoever isn't named is refused.
RIGHTS = {
    "Translations": {
        "save French": FRENCH,
        "save Russian": RUSSIAN,
        "send French to review": FRENCH,
        "send Russian to review": RUSSIAN,
        "approve French": FRENCH_REVIEW,
        "approve Russian": RUSSIAN_REVIEW,
        "approve French again after the English has changed": FRENCH_REVIEW,
        "send French to review as still right": FRENCH,
        "return French": FRENCH_REVIEW,
        "take French out of review": FRENCH,
        "take the approval of French back": FRENCH_REVIEW,
        "restore earlier French words": FRENCH,
        "import a French file": FRENCH,
        "import a Russian file": RUSSIAN,
        "export files": EVERYBODY,
        "assign French": PUBLISHING | {REVIEWER_FR},
        "assign Russian": PUBLISHING | {REVIEWER_RU},
    },
    "Glossary": {
        "add a term": PUBLISHING | REVIEWING,
        "change a term": PUBLISHING | REVIEWING,
        "delete a term": PUBLISHING,
    },
    "Pages": {
        "edit the English": EDITING,
        "change what all languages share": EDITING,
        "change the date of an article": EDITING,
        "add a fact": EDITING,
        "change a fact": EDITING,
        "delete a fact": EDITING,
        "reorder facts": EDITING,
        "comment": EDITING,
        "add a page": EDITING,
        "restore a revision": EDITING,
        "submit to the workflow": EDITING,
        "copy a page": EDITING,
        "turn a mirror into a page of its own": EDITING,
        "delete a page that was never published": EDITING,
        "publish": PUBLISHING,
        "publish at a set time": PUBLISHING,
        "publish a copy": PUBLISHING,
        "mirror a page": PUBLISHING,
        "approve in the workflow": PUBLISHING,
        "return in the workflow": PUBLISHING,
        "unpublish": PUBLISHING,
        "delete a published page": PUBLISHING,
        "move a published page": PUBLISHING,
        "reorder pages": PUBLISHING,
        "lock": PUBLISHING,
        "unlock": PUBLISHING,
        "make a page private": PUBLISHING,
        "publish several": PUBLISHING,
        "unpublish several": PUBLISHING,
        "delete several": PUBLISHING,
        "move several": PUBLISHING,
    },
    "Milestones": {
        "add a milestone": EDITING,
        "change a milestone": EDITING,
        "publish a milestone": PUBLISHING,
        "unpublish a milestone": PUBLISHING,
        "delete a milestone": PUBLISHING,
        "lock a milestone": PUBLISHING,
        "unlock a milestone": PUBLISHING,
    },
    "Themes of milestones": {
        "add a theme": EDITING,
        "change a theme": EDITING,
        "delete a theme": PUBLISHING,
    },
    "News categories": {
        "add a category": EDITING,
        "change a category": EDITING,
        "delete a category": PUBLISHING,
    },
    "Pictures and documents": {
        "add a picture": EDITING,
        "add a picture from a page": EDITING,
        "add several pictures": EDITING,
        "change a picture": EDITING,
        "delete a picture": EDITING,
        "add a document": EDITING,
        "add a document from a page": EDITING,
        "add several documents": EDITING,
        "change a document": EDITING,
        "delete a document": EDITING,
    },
    "Messages of visitors": {
        "read messages": EDITING,
        "download messages": EDITING,
        "delete messages": EDITING,
    },
    "The site": {
        "change the settings": PUBLISHING,
        "change the holding page": PUBLISHING,
        "add an announcement": PUBLISHING,
        "change an announcement": PUBLISHING,
        "delete an announcement": PUBLISHING,
        "add a link at the foot": PUBLISHING,
        "change a link at the foot": PUBLISHING,
        "delete a link at the foot": PUBLISHING,
        "reorder the links at the foot": PUBLISHING,
        "add a social media profile": PUBLISHING,
        "change a social media profile": PUBLISHING,
        "delete a social media profile": PUBLISHING,
        "add a partner": PUBLISHING,
        "change a partner": PUBLISHING,
        "delete a partner": PUBLISHING,
        "add a redirect": PUBLISHING,
        "change a redirect": PUBLISHING,
        "delete a redirect": PUBLISHING,
        "add a user": NOBODY_ELSE,
        "change a user": NOBODY_ELSE,
        "delete a user": NOBODY_ELSE,
        "add a group": NOBODY_ELSE,
        "change a group": NOBODY_ELSE,
        "delete a group": NOBODY_ELSE,
        "add a collection": NOBODY_ELSE,
        "change a workflow": NOBODY_ELSE,
        "change the address of the site": NOBODY_ELSE,
    },
}

HEAD = """# Who may do what

The rights come with the groups that a person is in; a person may be in several. What stands here for
French and Russian holds in the same way for the other languages. Everybody with a group may look at every
translation.

`make test` tries each action of this table in each role, with a complete form and with fields that the form
doesn't have. What isn't allowed changes nothing.
"""
SHORT = {
    EDITOR: "Editor",
    PUBLISHER: "Publisher",
    TRANSLATOR_FR: "Translator (fr)",
    REVIEWER_FR: "Reviewer (fr)",
    TRANSLATOR_RU: "Translator (ru)",
    REVIEWER_RU: "Reviewer (ru)",
    ADMINISTRATOR: "Administrator",
}


def actions():
    """(action, the roles that may) of the whole table."""
    return [(action, roles) for subject in RIGHTS.values() for action, roles in subject.items()]


def as_markdown() -> str:
    """The table as docs/rights.md has it."""
    parts = [HEAD]
    for subject, table in RIGHTS.items():
        rows = [["", *SHORT.values()], ["---", *[":-:"] * len(SHORT)]]
        rows += [
            [action, *("✓" if role in roles else "" for role in SHORT)] for action, roles in table.items()
        ]
        parts.append("\n".join([f"## {subject}", "", *("| " + " | ".join(row) + " |" for row in rows), ""]))
    return "\n".join(parts)
