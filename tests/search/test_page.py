"""The page of the search, and its suggestions."""

import json
from datetime import date
from itertools import product

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from search import passages, results
from search.models import EntryText
from search.query import LONGEST_QUERY, parse
from tests.search.conftest import make_article
from translations.languages import all_languages, get_language

LIMIT = 12
HOSTILE = [
    "\x00",
    "a\x00b",
    "education\x00",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    '"',
    '"education',
    "“education",
    "«»",
    '"" ""',
    "education AND",
    "NOT education",
    "OR",
    "NEAR(a b)",
    "education*",
    "* * *",
    "title_terms: education",
    "-education",
    "^education",
    "{education}",
    "(education",
    "education & | ! <-> :*",
    "'; DROP TABLE search_entry; --",
    "\\",
    "%",
    "%s %(x)s",
    "<script>alert(1)</script>",
    "&lt;b&gt;",
    "the of and",
    "的",
    "في",
    "_",
    "en_education",
    "🙂",
    "\u202e\u200f",
    "e\u0301" * 300,
    "x" * 100_000,
    "word " * 5000,
    "学" * 5000,
    "١٢٣",
    "٪؟",
    "ﷺ",
    "ǅ ŉ ﬁ",
]


def test_what_was_found_is_shown_with_its_words_marked(articles, get):
    page = get("/en/search/?q=study+laboratory")
    assert page.title.text.split() == ["“study", "laboratory”", "–", "Search", "–", "UNESCO-ICHEI"]
    assert page.find("meta", {"name": "robots"})["content"] == "noindex"
    result = page.select_one(".search-result")
    assert result.a["href"] == "/en/news/teachers/"
    assert [mark.text for mark in result.find_all("mark")] == ["study", "laboratories"]
    assert "March 4, 2026" in result.text
    assert "1 result for “study laboratory”" in " ".join(page.text.split())
    field = page.select_one('search form input[type="search"]')
    assert field["value"] == "study laboratory"
    assert page.find("label", {"for": field["id"]})


def test_what_is_said_of_a_result_is_said_once(get, db):
    """What kind it is, and what stands above it: "News" and "News" of an article."""
    for language in all_languages():
        lines = get(f"/{language.code}/search/?q=ICHEI").select(".search-result .meta")
        assert lines
        for line in lines:
            words = [part.get_text() for part in line.select("span")]
            assert len(words) == len(set(words)), words


def test_words_are_marked_in_the_form_in_which_they_stand(articles, get):
    for query, language, marks in (
        ("人工智能", "zh-hans", {"人工智能"}),
        ("馆", "zh-hans", {"馆"}),
        ("المعلمات", "ar", {"معلمات"}),
        ("etudient oeuvre", "fr", {"étudient", "œuvre"}),
        ("озеро", "ru", {"озёра"}),
        ("“artificial intelligence”", "en", {"artificial intelligence"}),
    ):
        page = get(f"/{language}/search/?q={query}")
        assert marks <= {mark.text for mark in page.select(".search-result mark")}


def text_of(article) -> EntryText:
    entry = {"entry__label": "news.newspage", "entry__object_id": article.pk, "entry__language": "en"}
    return EntryText.objects.get(**entry)


def test_a_passage_never_breaks_the_html(db):
    article = make_article(
        "tags", {"en": ["<b>Zebra</b> & co", 'zebra <i> & "zebra"', "&amp; <script>zebra</script>"]}
    )
    query = parse("zebra", "en")
    text = text_of(article)
    for html in (passages.passage(text, query), passages.mark_title("<b>Zebra</b> & co", query)):
        assert html.replace("<mark>", "").replace("</mark>", "").count("<") == 0
        assert html.count("<mark>") == html.count("</mark>") > 0


def test_a_passage_shows_where_the_words_stand_together(db):
    far = "word " * 400
    article = make_article("far", {"en": ["Far", "zebra first.", f"{far} a zebra eats snow today {far}"]})
    text = text_of(article)
    html = passages.passage(text, parse("zebra snow", "en"))
    assert "<mark>zebra</mark> eats <mark>snow</mark>" in html
    assert html.startswith("… ")
    assert html.endswith(" …")
    assert len(html) < 400


def test_a_passage_parts_its_lines(db):
    article = make_article("lines", {"en": ["Lines", "A sentence.", "Zebra</p><p>& snow"]})
    html = passages.passage(text_of(article), parse("zebra", "en"))
    assert html == "A sentence. <mark>Zebra</mark> · &amp; snow"
    for lines, line in (
        ("数字教育。\n高等教育\n“创新”\n", "数字教育。高等教育 · “创新” · "),
        ("他说：“好。”\n创新……\n教育", "他说：“好。”创新……教育"),
        ("The 1990s…\nThen", "The 1990s… Then"),
        ("(See below.)\n“Go”\nNow", "(See below.) “Go” · Now"),
        ("«Да!»\nنعم؟\nلا", "«Да!» نعم؟ لا"),
    ):
        assert passages.marked(lines, []) == line


def test_hostile_input_gives_a_page_in_every_language(client, db):
    for number, query in enumerate(HOSTILE):
        language = all_languages()[number % 6].code
        for url in (f"/{language}/search/", f"/{language}/search/suggest/", "/en/search/"):
            response = client.get(url, {"q": query})
            assert response.status_code == 200, (url, query)
            assert "<script>alert" not in response.content.decode()
    for parameters in (
        {"page": "-1"},
        {"page": "9" * 50},
        {"year": "x"},
        {"year": "٢٠٢٤"},
        {"kind": "' OR 1"},
    ):
        assert client.get("/en/search/", {"q": "education"} | parameters).status_code == 200
    assert client.post("/en/search/", {"q": "education"}).status_code == 405


def test_a_long_query_is_cut_and_says_so(client, db):
    page = client.get("/en/search/", {"q": "education " * 100}).content.decode()
    assert "too long" in page
    assert "education" in page
    assert len(parse("x" * 1000, "en").text) == LONGEST_QUERY


def test_filters_count_and_narrow(get, db):
    page = get("/en/search/?q=unesco")
    kinds = {next(link.stripped_strings): link for link in page.select("[aria-labelledby=search-kinds] a")}
    assert {"Pages", "Milestones", "News", "All types"} <= set(kinds)
    wanted = int(kinds["Milestones"].select_one(".count").text)
    narrow = get(f"/en/search/{kinds['Milestones']['href']}")
    assert f"{wanted} results" in narrow.select_one(".search-total").text
    assert {tag.text for tag in narrow.select(".search-result .tag")} == {"Milestones"}
    year = narrow.select("[aria-labelledby=search-years] a")[1]
    of_year = get(f"/en/search/{year['href']}")
    assert f"{year.select_one('.count').text} result" in of_year.select_one(".search-total").text
    assert of_year.select_one('[aria-labelledby=search-kinds] [aria-current="true"]').text.startswith(
        "Milestones"
    )
    none = get("/en/search/?q=unesco&kind=article&year=1999")
    assert none.select_one(".search-total a")["href"] == "?q=unesco"


def test_results_come_in_pages_without_gaps(get, db):
    seen, url = [], "/en/search/?q=unesco"
    while url:
        page = get(url)
        seen += [link["href"] for link in page.select(".search-result h2 a")]
        following = page.select_one('.pagination [rel="next"]')
        url = f"/en/search/{following['href']}" if following else None
    assert len(seen) == len(set(seen)) == results.search(parse("unesco", "en")).total > results.PER_PAGE


def test_pages_behind_the_ranked_ones_have_no_gaps_either(db, monkeypatch):
    monkeypatch.setattr(results, "RANKED", results.PER_PAGE)
    query = parse("unesco", "en")
    whole = results.search(query)
    assert whole.pages > 2
    pages = [results.search(query, page=number) for number in range(1, whole.pages + 1)]
    numbers = [entry.pk for page in pages for entry in page.entries]
    assert len(numbers) == len(set(numbers)) == whole.total
    # Behind the ranked ones: what has the word in its title, then the rest, the newest of each first.
    order = [
        ("unesco" in entry.title.lower() and bool(entry.text.title_terms), entry.date or date.min)
        for page in pages[1:]
        for entry in page.entries
    ]
    assert order == sorted(order, reverse=True)
    last = results.search(query, page=5000)
    assert (last.page, last.entries, last.counts) == (whole.pages, pages[-1].entries, whole.counts)


def test_a_title_counts_most_and_neighbours_count_more(db):
    words = {"en": ["Nothing", "Nothing.", "A zebra. Rain fell. Then came snow."]}
    make_article("apart", words, date=date(2026, 5, 5))
    make_article(
        "together", {"en": ["Nothing", "Nothing.", "Then came zebra snow. Rain fell."]}, date=date(2020, 1, 1)
    )
    make_article("summary", {"en": ["Nothing", "A zebra and snow.", "Rain."]}, date=date(2020, 1, 1))
    make_article("title", {"en": ["Snow zebra", "Nothing.", "Rain."]}, date=date(2020, 1, 1))
    make_article("newer", words, date=date(2026, 6, 6))
    found = results.search(parse("zebra snow", "en")).entries
    assert [entry.page.slug for entry in found] == ["title", "summary", "together", "newer", "apart"]


def test_where_little_is_found_other_languages_are_offered(articles, get):
    page = get("/zh-hans/search/?q=laboratoires")
    links = {link["hreflang"]: link["href"] for link in page.select("[aria-labelledby=search-languages] a")}
    assert links["fr"] == "/fr/search/?q=laboratoires"
    assert "zh-Hans" not in links
    assert not get("/en/search/?q=unesco").select("[aria-labelledby=search-languages]")


def test_the_empty_page_and_the_page_without_results_help(get, language):
    menu = {link["href"] for link in get(f"/{language}/").select("header .menu a")}
    for query in ("", "?q=qqqqqqqq", "?q=%E2%80%A6"):
        page = get(f"/{language}/search/{query}")
        assert menu <= {link["href"] for link in page.select(".search-help a")}
    assert get(f"/{language}/search/?q=UNESCO").html["lang"] == get_language(language).tag


def test_a_slip_leads_to_the_right_word(articles, get):
    link = get("/en/search/?q=higher+edcuation+today").select_one(".search-better a")
    assert link is None  # "today" stands nowhere: put right, it would still find nothing
    link = get("/en/search/?q=higher+edcuation").select_one(".search-better a")
    assert (link.text, link["href"]) == ("higher education", "?q=higher+education")
    assert get(f"/en/search/{link['href']}").select(".search-result")


def test_a_change_of_language_keeps_the_search(get, db):
    links = {link["hreflang"]: link["href"] for link in get("/en/search/?q=unesco").select("nav.languages a")}
    assert links["zh-Hans"] == "/zh-hans/search/?q=unesco"


def test_visitors_get_no_cookie_and_caches_need_not_look_at_one(client, articles):
    for url in ("/en/search/", "/fr/search/?q=eau", "/fr/search/suggest/?q=ea"):
        response = client.get(url)
        assert not response.cookies
        assert "Cookie" not in response.headers.get("Vary", "")


def test_titles_are_suggested_by_the_beginnings_of_their_words(client, articles):
    def titles(language, query):
        return json.loads(client.get(f"/{language}/search/suggest/", {"q": query}).content)["titles"]

    assert titles("en", "teach wom") == ["Women teachers study artificial intelligence"]
    assert titles("fr", "ile") == ["De l’eau propre pour les écoles des îles"]
    assert titles("zh-hans", "人工智") == ["女教师学习人工智能"]
    assert titles("zh-hans", "岛") == ["海岛学校的清洁饮水"]
    assert titles("ar", "معلم") == ["معلمات يدرسن الذكاء الاصطناعي"]
    assert titles("en", "a") == titles("en", "") == titles("en", "teachers zzz") == []


def test_no_search_needs_more_than_twelve_queries(client, articles):
    typed = ("", "unesco", "unesco&page=2", "qqqqqq", "higher+edcuatoin+teechers", "人工知能")
    for language, query in product(("en", "zh-hans"), typed):
        cache.clear()
        ContentType.objects.clear_cache()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/{language}/search/?q={query}").status_code == 200
        assert len(captured) <= LIMIT
