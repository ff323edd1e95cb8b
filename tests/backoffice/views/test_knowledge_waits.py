"""The first page of who keeps the knowledge base: what waits, each number beside its list."""

from datetime import timedelta

import pytest
from django.utils import timezone

from prestations.enums import Channel
from prestations.models import ArticleRemark, KnowledgeArticle
from tests.backoffice.views.test_knowledge import BIRTH, propose

pytestmark = pytest.mark.usefixtures("catalogue")


def test_the_keeper_s_first_page_counts_what_waits(front, manager_browser):
    propose(front)
    ArticleRemark.objects.create(article_id=BIRTH, text="Le prix a changé.", at=timezone.now())
    front.post("/agent/connaissance/question/", {"words": "jardin partagé", "channel": Channel.WEB})
    KnowledgeArticle.objects.filter(pk=BIRTH).update(
        review_on=timezone.localdate() - timedelta(days=1)
    )
    page = manager_browser.get("/agent/")
    counts = {one.label: one.count for one in page.context["knowledge_waits"]}
    assert counts == {
        "Questions sans réponse": 1,
        "Articles à valider": 1,
        "Articles à relire": 1,
        "Remarques de lecteurs": 1,
        "Procédures à relire": 0,
        "Lettres à approuver": 0,
    }
    for one in page.context["knowledge_waits"]:
        assert f'href="{one.url}"' in page.content.decode()
        assert manager_browser.get(one.url).status_code == 200
