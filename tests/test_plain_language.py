"""Citizens' pages: short sentences, no internal code, start pages of 150 words (bars 2, 25)."""

import html
import re

import pytest

from prestations.models import KnowledgeArticle, Prestation

pytestmark = pytest.mark.usefixtures("catalogue")

MOST_WORDS_A_SENTENCE = 20
MOST_WORDS_A_START_PAGE = 150
BLOCK = re.compile(r"</?(?:p|li|h[1-6]|dt|dd|div|td|th|tr|label|summary|section|address|caption)\b")
INTERNAL = re.compile(
    r"\b(?:working_days|calendar_days|en_ligne|complexe|citoyen_|retrait_annexe|None|null"
    r"|expert_department|handling|kb-[a-z]+|sans-objet|a-valider)\b"
)
PAGES = [
    "/",
    "/prestations/",
    "/recherche/?q=xyzzyx",
    "/accueil-du-public/",
    "/accueil-du-public/mairie-principale/",
    "/accueil-du-public/mairie-annexe/",
    "/contact/",
    "/articles/",
    "/suivi/",
]


def blocks(client, url: str) -> list[str]:
    """The texts of a page's main part by block; what a closed detail hides is left out."""
    content = client.get(url).content.decode()
    main = re.search(r"<main.*?</main>", content, re.S)[0]
    main = re.sub(r"(<details.*?</summary>).*?</details>", r"\1", main, flags=re.S)
    main = re.sub(r"<(svg|script|noscript)\b.*?</\1>", " ", main, flags=re.S)
    parts = [re.sub(r"<[^>]*>", " ", part.partition(">")[2]) for part in BLOCK.split(main)]
    return [" ".join(html.unescape(part).split()) for part in parts if part.strip()]


def words(text: str) -> list[str]:
    return re.findall(r"\w[\w’'@.-]*", text)


def sentences(texts: list[str]) -> list[int]:
    """How many words each sentence has; labels and links of a word or two are no sentences."""
    lengths = [len(words(one)) for text in texts for one in re.split(r"[.!?:;](?:\s|$)", text)]
    return [length for length in lengths if length > 2]


def urls() -> list[str]:
    prestations = Prestation.objects.listed().values_list("pk", flat=True)
    articles = KnowledgeArticle.objects.published().values_list("slug", flat=True)
    return [
        *PAGES,
        *(f"/prestations/{code}/" for code in prestations),
        *(f"/articles/{slug}/" for slug in articles),
    ]


def test_sentences_are_short_and_no_internal_code_is_shown(client):
    long, codes = [], []
    for url in urls():
        texts = blocks(client, url)
        lengths = sentences(texts)
        mean = sum(lengths) / len(lengths)
        if mean > MOST_WORDS_A_SENTENCE:
            long.append(f"{url}: {mean:.1f}")
        codes += [f"{url}: {hit[0]}" for text in texts for hit in INTERNAL.finditer(text)]
    assert not long
    assert not codes


def test_a_start_page_says_everything_in_150_words(client):
    too_long = []
    for code in Prestation.objects.open_on("web").values_list("pk", flat=True):
        texts = blocks(client, f"/prestations/{code}/demande/")
        page = " ".join(texts)
        assert "minutes" in page, code
        assert "Réponse visée sous" in page, code
        assert "Vos données servent" in page, code
        count = sum(len(words(text)) for text in texts)
        if count > MOST_WORDS_A_START_PAGE:
            too_long.append(f"{code}: {count}")
    assert not too_long
