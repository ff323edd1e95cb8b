"""What no address shows by itself: moments in a request's life, limits reached, links used up."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

import time_machine
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from citizens.franceconnect import flow
from citizens.links import invitation_link
from citizens.matching import PivotIdentity
from massy_grc.common.middleware import LONGEST_ADDRESS
from massy_grc.users.models import User
from prestations.enums import Channel
from prestations.forms import Questionnaire
from prestations.models import KnowledgeArticle, Prestation, Site
from requests import actions
from requests.behalf import objection_link
from requests.models import FilingDraft, ServiceRequest
from requests.opinions import link_about
from requests.views.filing_access import START_LIMIT
from requests.views.filing_done import confirmation_url
from tests.access.table import Kind
from tests.access.walker import undone
from tests.access.world import CERTIFICATE, POTHOLE, Owner
from tests.browser.scenes import Collector, State, pages, signed_in
from tests.factories.answers import going_on, posted, valid_answers
from tests.factories.campaigns import make_campaign
from tests.factories.citizens import make_account
from tests.factories.second_factors import give_factors
from tests.factories.users import PASSWORD
from tests.requests.filed import file_request, filed_here

FILLED, EMPTY, ERROR, FORBIDDEN = State
FRANCECONNECT = {"issuer": "https://fc.example", "client_id": "x", "client_secret": "x"}
PIVOT = PivotIdentity("TREVIDIC", "Solène Marie", None, "29019", "solene@courriel.example")


FEW_STARTS = replace(START_LIMIT, attempts=3)  # the page of a limit does not tell how many
OF_A_PASSKEY = ("mfa_edit_webauthn", "mfa_remove_webauthn")


def stage(collector: Collector, owner: Owner, staff: dict) -> None:
    """Everything below, each undone before the next."""
    for scene in (portal, forms, life_of_a_request, account, organisations, limits, refusals):
        with undone():
            scene(collector, owner, staff)


def path(link: str) -> str:
    return link.removeprefix(settings.PUBLIC_URL)


def portal(collector: Collector, _owner: Owner, _staff: dict) -> None:
    """Prestations of every sort, an article, a campaign, searches."""
    nobody = Client()
    for one in _sorts_of_prestations():
        collector.ask("prestations:detail", FILLED, nobody, f"/prestations/{one.pk}/")
        collector.ask("requests:file", FILLED, nobody, f"/prestations/{one.pk}/demande/")
    article = KnowledgeArticle.objects.filter(public=True).first()
    collector.uses("prestations:article", FILLED, nobody, f"/articles/{article.slug}/")
    collector.ask("prestations:search", EMPTY, nobody, "/recherche/?q=zzzz")
    collector.ask("prestations:search", FILLED, nobody, "/recherche/?q=poubelle")
    make_campaign(code="tri", prestations=Prestation.objects.filter(pk="dechets-conteneur"))
    make_campaign(code="vieille", last_day=timedelta(days=-1))
    collector.ask("prestations:campaign", FILLED, nobody, "/c/tri/")
    collector.ask("prestations:campaign", FORBIDDEN, nobody, "/c/vieille/")
    collector.ask("requests:reports", EMPTY, nobody, "/signalements/?rue=zzzz")
    collector.ask("requests:report", FORBIDDEN, nobody, "/signalements/0/")
    Site.objects.filter(pk="mairie-annexe").update(is_active=False)
    collector.ask("prestations:place", FILLED, nobody, "/accueil-du-public/mairie-annexe/")


def _sorts_of_prestations() -> Iterator[Prestation]:
    """One for each mixture of what changes their pages."""
    seen = set()
    for one in Prestation.objects.select_related("current_form").order_by("pk"):
        sort = (
            *(one.status, "web" in one.channels, bool(one.external_link), bool(one.cerfa)),
            *(bool(one.on_behalf), one.anonymous_allowed, one.current_form is None),
        )
        if sort not in seen:
            seen.add(sort)
            yield one


def forms(collector: Collector, owner: Owner, _staff: dict) -> None:
    """A condition that stops, and each step of two forms begun by nobody in particular."""
    draft, client = owner.draft, signed_in(owner.account)
    first = f"/prestations/{CERTIFICATE}/demande/{draft.token}/conditions/1/"
    with undone():
        stopping = {"reponse": "non"}
        collector.ask("requests:file_stopped", FILLED, client, first, stopping)
    anonymous = Client()
    for code in (CERTIFICATE, POTHOLE):
        anonymous.post(f"/prestations/{code}/demande/")
        draft = FilingDraft.objects.latest("pk")
        for condition, answer in going_on(draft.form_version).items():
            actions.answer_condition(token=draft.token, code=condition, answer=answer)
        answers, files = valid_answers(draft.form_version, Channel.WEB)
        actions.save_answers(token=draft.token, answers=answers)
        begun = f"/prestations/{code}/demande/"
        questionnaire = Questionnaire(draft.form_version, "web")
        for number, shown in enumerate(questionnaire.steps(answers), 1):
            step = f"{begun}{draft.token}/{number}/"
            collector.uses("requests:file_step", FILLED, anonymous, step)
            if any(question.key in files for question in shown.questions):
                anonymous.post(step, posted(questionnaire, shown.questions, answers, files))
                collector.ask("requests:file_step", FILLED, anonymous, step)
        doubt = f"{begun}{draft.token}/1/lieu/"
        collector.uses("requests:file_place", FILLED, anonymous, doubt)
        check = f"{begun}{draft.token}/verification/"
        collector.uses("requests:file_check", FILLED, anonymous, check)
        collector.ask("requests:file", FILLED, anonymous, begun)


def life_of_a_request(collector: Collector, owner: Owner, staff: dict) -> None:
    """Closed, rated, reopened, refused, ready, cancelled, objected to; read by its owner."""
    front, roads = staff["agent-proximite"], staff["agent-expert"]
    client = signed_in(owner.account)
    sr = owner.request
    page = f"/demandes/{sr.reference}/"
    for outcome in ("positive", "negative"):
        with undone():
            _close(sr, front, roads, outcome)
            collector.uses("requests:track", FILLED, client, page)
            collector.uses("requests:track_reopen", FILLED, client, f"{page}rouvrir/")
            collector.uses("requests:rate_by_link", FILLED, Client(), path(link_about(sr)))
            collector.ask("requests:object", FILLED, Client(), path(objection_link(sr)))
            collector.ask("requests:report", FILLED, Client(), f"/signalements/{sr.pk}/")
    with undone():
        actions.withdraw_request(request_id=sr.pk, version=None)
        collector.uses("requests:track", FILLED, client, page)
    sent = path(confirmation_url(sr))
    with undone(), time_machine.travel(timezone.now() + timedelta(days=100)):
        late = signed_in(owner.account)
        collector.ask("requests:track", FILLED, late, page)
        collector.ask("requests:confirmation", FORBIDDEN, late, sent)
    nobody = dict.fromkeys(("nom_famille", "prenom", "email", "adresse", "canal_reponse"))
    anonymous = file_request("voirie-graffitis", requester=nobody)
    browser = Client()
    filed_here(browser, anonymous)
    collector.ask("requests:confirmation", FILLED, browser, path(confirmation_url(anonymous)))
    code = {"reference": anonymous.reference, "secret": anonymous.tracking_code}
    browser.post("/suivi/", code)
    collector.uses("requests:track", FILLED, browser, f"/demandes/{anonymous.reference}/")
    asked = {"reference": sr.reference, "secret": owner.words.email}
    collector.ask("requests:track_send_link", FILLED, Client(), "/suivi/lien/", asked)


def _close(sr: ServiceRequest, front: User, roads: User, outcome: str) -> None:
    sr.pieces.filter(received_at=None).update(received_at=timezone.now())
    done = {"request_id": sr.pk, "version": None}
    actions.treat_request(**done, actor=roads, conclusion="Rebouché", outcome=outcome)
    actions.answer_request(**done, actor=front, body="C’est réparé.", outcome=outcome)


def account(collector: Collector, owner: Owner, _staff: dict) -> None:
    """Second factor, change of address, FranceConnect, an account without a password."""
    second_factor(collector)
    client = signed_in(owner.account, proven=True)
    new = {"email": "toute-nouvelle@courriel.example"}
    collector.ask("citizens:email_change", FILLED, client, "/compte/adresse/", new)
    odd = {"email": "jeanne@m\u0430ssy.example"}
    collector.ask("citizens:sign_up", ERROR, Client(), "/compte/inscription/", odd)
    for step in ({}, {"etape": "fichier"}):
        about = {"kind": "rib", **step}
        collector.ask("requests:wallet", ERROR, client, "/compte/porte-documents/", about)
    earlier = reverse("requests:space_send_earlier")
    collector.ask("requests:space_send_earlier", FILLED, client, earlier, {})
    with override_settings(FRANCECONNECT=FRANCECONNECT):
        federated = make_account(password=None, email="federee@courriel.example")
        browser, choose = signed_in(federated, proven=True), reverse("account_set_password")
        collector.uses("account_set_password", FILLED, browser, choose)
        collector.ask("account_login", FILLED, Client(), "/compte/login/")
        back = "/compte/franceconnect/retour/?error=access_denied&state=x"
        collector.ask("citizens:fc_callback", FORBIDDEN, Client(), back)
        newcomer = Client()
        session = newcomer.session
        flow.hold(SimpleNamespace(session=session), flow.Arrived("s", PIVOT, "t", ""))
        session.save()
        newcomer.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        terms = reverse("citizens:fc_newcomer")
        collector.uses("citizens:fc_newcomer", FILLED, newcomer, terms)


def second_factor(collector: Collector) -> None:
    """Every page of somebody with a code, a passkey and recovery codes; and the door they meet."""
    careful = make_account(email="prudente@courriel.example")
    passkey = give_factors(careful.user)
    browser = signed_in(careful, proven=True)
    for route in pages():
        if route.kind is Kind.SIGN_IN or route.name in OF_A_PASSKEY:
            named = {"pk": passkey.pk} if route.name in OF_A_PASSKEY else {}
            collector.uses(route.name, FILLED, browser, reverse(route.name, kwargs=named))
    bare = signed_in(make_account(email="simple@courriel.example"), proven=True)
    collector.uses("mfa_activate_totp", FILLED, bare, reverse("mfa_activate_totp"))
    late = signed_in(careful)
    for name in ("mfa_reauthenticate", "mfa_reauthenticate_webauthn"):
        collector.uses(name, FILLED, late, reverse(name))
    door = Client()
    door.post("/compte/login/", {"login": careful.user.email, "password": PASSWORD})
    collector.uses("mfa_authenticate", FILLED, door, "/compte/2fa/authenticate/")


def organisations(collector: Collector, owner: Owner, _staff: dict) -> None:
    """Somebody invited, somebody who is not, and an organisation not yet checked."""
    join = path(invitation_link(owner.invitation.pk))
    invited = make_account(email=owner.invitation.email)
    collector.uses("citizens:organisation_join", FILLED, signed_in(invited), join)
    stranger = make_account(email="autre@courriel.example")
    collector.ask("citizens:organisation_join", FORBIDDEN, signed_in(stranger), join)


def limits(collector: Collector, owner: Owner, _staff: dict) -> None:
    """Too many of each: 429, and when to come back."""
    missing = {"reference": owner.request.reference, "secret": "faux@courriel.example"}
    for route, address, data in (
        ("requests:file", f"/prestations/{POTHOLE}/demande/", {}),
        ("requests:track_lookup", "/suivi/", missing),
        ("account_login", "/compte/login/", {"login": owner.words.email, "password": "faux"}),
    ):
        client = Client()
        with patch("requests.views.filing_access.START_LIMIT", FEW_STARTS):
            answers = (client.post(address, data) for _try in range(200))
            refused = next(answer for answer in answers if answer.status_code == 429)
        collector.keep(route, FORBIDDEN, refused)


def refusals(collector: Collector, owner: Owner, _staff: dict) -> None:
    """400, 403, 403 of a form gone stale, 404, 405, 414 and 500."""
    client = Client(raise_request_exception=False)
    collector.ask("prestations:search", ERROR, client, "/recherche/?q=%00")
    collector.ask("prestations:search", FORBIDDEN, client, f"/recherche/?q={'x' * LONGEST_ADDRESS}")
    collector.ask("home", FORBIDDEN, client, "/nulle-part/")
    collector.ask("home", FORBIDDEN, signed_in(owner.account), "/agent/")
    collector.ask("requests:track_lookup", ERROR, Client(enforce_csrf_checks=True), "/suivi/", {})
    with patch("prestations.views.portal.render", side_effect=RuntimeError):
        collector.ask("home", ERROR, client, "/")
