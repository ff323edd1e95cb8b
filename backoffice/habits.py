"""What the counter fills in by itself, to be checked at a glance and changed when it is not so.

From the record: somebody known most often asks for themselves. From the post: a document is
collected where one asked for it. From this session: the kind of document the last person asked for.
Nothing about a person is remembered.
"""

from typing import Any

from django.http import HttpRequest

from backoffice.posts import post_of
from citizens.models import Citizen
from prestations.enums import Channel
from prestations.forms import Question, Questionnaire, parse_address
from prestations.forms.answers import listed
from prestations.models import Prestation
from requests.handing import ANSWER as HANDING
from requests.handing import COLLECTED_AT

SESSION_KEY = "last_choices"
LINK, ONESELF = "qualite", "interesse"  # who the requester is to the person concerned
# Choices about the document, which follow each other at one counter; never about facts.
REMEMBERED = ("type_document",)
ASKED_AT = {site: answer for answer, site in COLLECTED_AT.items()}


def likely_answers(
    request: HttpRequest,
    prestation: Prestation,
    questionnaire: Questionnaire,
    citizen: Citizen | None,
) -> dict[str, dict[str, Any]]:
    """Return answers to begin with, as ``{"reponses": {…}}``; each is one the form offers."""
    asked = {question.name: question for question in questionnaire.definition.questions}
    likely: dict[str, Any] = {**request.session.get(SESSION_KEY, {}).get(prestation.pk, {})}
    likely |= _of_the_post(request)
    if citizen:
        likely |= _of_the_record(citizen, asked)
    return {
        "reponses": {
            name: value
            for name, value in likely.items()
            if name in asked and value and _offers(asked[name], value)
        }
    }


def remember(
    request: HttpRequest, prestation: Prestation, questionnaire: Questionnaire, answers: dict
) -> None:
    """Keep for this session what kind of document was asked for."""
    given = answers.get("reponses", {})
    kept = {name: given[name] for name in REMEMBERED if given.get(name)}
    if kept:
        choices = request.session.get(SESSION_KEY, {})
        request.session[SESSION_KEY] = {**choices, prestation.pk: kept}


def _of_the_post(request: HttpRequest) -> dict[str, Any]:
    post = post_of(request)
    at_the_counter = post is not None and post.channel == Channel.GUICHET
    return {
        HANDING: ASKED_AT.get(post.site, "") if post and at_the_counter else "",
        "nombre_exemplaires": 1,
    }


def _of_the_record(citizen: Citizen, asked: dict[str, Question]) -> dict[str, Any]:
    """Where they live, for a delivery; who they are, where they may be the person concerned."""
    home = {"adresse_livraison": parse_address(citizen.address)} if citizen.address else {}
    link = asked.get(LINK)
    if link is None or not _offers(link, ONESELF):
        return home
    return {
        **home,
        LINK: ONESELF,
        "titulaire_nom_naissance": citizen.family_name,
        "titulaire_nom": citizen.family_name,
        "titulaire_prenoms": citizen.given_name,
        "titulaire_prenom": citizen.given_name,
        "titulaire_date_naissance": citizen.birth_date.isoformat() if citizen.birth_date else "",
    }


def _offers(question: Question, value: Any) -> bool:
    if question.has_choices:
        return {*listed(value)} <= dict(question.choices).keys()
    return True
