"""Who may open which staff page: `tests/access` walks them all by this table (R16)."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone

from backoffice import urls
from prestations.enums import Role
from requests.enums import State
from tests.backoffice.conftest import client_of
from tests.factories.citizens import CitizenFactory
from tests.factories.requests import make_request

pytestmark = pytest.mark.django_db

FRONT = {Role.AGENT_EAS, Role.AGENT_PROXIMITE, Role.SUPERVISEUR}
COMPLAINTS = {Role.AGENT_PROXIMITE}  # and the supervisor of that team; here, that of EAS
EXPERTS = {Role.AGENT_EXPERT, Role.CHEF_SERVICE}
FIGURES = {Role.MANAGER, Role.MAIRE, Role.DPO, Role.ADMINISTRATEUR}
KEEPER = {Role.RESPONSABLE_CONNAISSANCE}
EVERYONE = set(Role)

# Address name -> roles that may open it. A new address must be entered here.
ALLOWED = {
    "home": EVERYONE,
    "choose_post": FRONT,
    "keys": EVERYONE,
    "preferences": EVERYONE,
    "notices": EVERYONE,
    "notices_read": EVERYONE,
    "notice_read": EVERYONE,
    "notice_count": EVERYONE,
    "search": EVERYONE,
    "rekeyed": FIGURES | {Role.SUPERVISEUR, Role.CHEF_SERVICE},
    "rekeyed_csv": FIGURES | {Role.SUPERVISEUR, Role.CHEF_SERVICE},
    "dashboard_residence": FIGURES | {Role.SUPERVISEUR, Role.CHEF_SERVICE},
    "queue": FRONT | EXPERTS | FIGURES,
    "take_next": FRONT | EXPERTS,
    "saved_views": FRONT | EXPERTS,
    "saved_view_new": FRONT | EXPERTS,
    "saved_view_edit": FRONT | EXPERTS,
    "saved_view_narrow": FRONT | EXPERTS,
    "saved_view_delete": FRONT | EXPERTS,
    "list_exports": FRONT | EXPERTS | FIGURES,
    "list_export_new": FRONT | EXPERTS | FIGURES,
    "list_export": FRONT | EXPERTS | FIGURES,
    "list_export_file": FRONT | EXPERTS | FIGURES,
    "list_export_cancel": FRONT | EXPERTS | FIGURES,
    "bulk": FRONT | EXPERTS,
    "bulk_run": FRONT | EXPERTS,
    "bulk_undo": FRONT | EXPERTS,
    "bulk_runs": FRONT | EXPERTS,
    "request": FRONT | EXPERTS,
    "pin": FRONT | EXPERTS,
    "print": FRONT | EXPERTS,
    "articles": FRONT | EXPERTS,
    "file_shown": FRONT | EXPERTS,
    "file": FRONT | EXPERTS,
    "act": FRONT | EXPERTS,
    "presence": FRONT | EXPERTS,
    "replies": FRONT | EXPERTS,
    "request_before": FRONT | EXPERTS,
    "request_after": FRONT | EXPERTS,
    "watch": FRONT | EXPERTS,
    "mentions_seen": FRONT | EXPERTS,
    "snooze_over": FRONT | EXPERTS,
    "absences": FRONT | EXPERTS,
    "absence_end": FRONT | EXPERTS,
    "undo": FRONT | EXPERTS,
    "reception": FRONT,
    "open_form": FRONT,
    "log_request": FRONT,
    "logged": FRONT,
    "receipt": FRONT,
    "hand_over": FRONT,
    "call_log": FRONT,
    "incoming_call": FRONT,
    "call_questions": FRONT,
    "call_take_over": FRONT,
    "call_caller": FRONT,
    "call_question": FRONT,
    "log_contact": FRONT,
    "called_back": FRONT,
    "call_backs": FRONT,
    "call_back": FRONT,
    "complaint": COMPLAINTS,
    "problems": FRONT | EXPERTS,
    "problem": FRONT | EXPERTS,
    "problem_new": COMPLAINTS,
    "problem_edit": COMPLAINTS,
    "problem_answer": COMPLAINTS,
    "problem_act": COMPLAINTS,
    "news_told": FRONT,
    "letters": FRONT,
    "procedure_tick": FRONT | EXPERTS,
    "article_use": FRONT | EXPERTS,
    "knowledge": FRONT | EXPERTS | KEEPER,
    "letter_models": FRONT | EXPERTS | KEEPER,
    "letter_model": FRONT | EXPERTS | KEEPER,
    "letter_model_write": FRONT | EXPERTS | KEEPER,
    "letter_model_act": FRONT | EXPERTS | KEEPER,
    "article_new": FRONT | EXPERTS | KEEPER,
    "article": FRONT | EXPERTS | KEEPER,
    "article_write": FRONT | EXPERTS | KEEPER,
    "article_compare": FRONT | EXPERTS | KEEPER,
    "article_act": FRONT | EXPERTS | KEEPER,
    "remark_answer": FRONT | EXPERTS | KEEPER,
    "missing_answers": KEEPER,
    "report_missing": FRONT | EXPERTS | KEEPER,
    "procedure_list": FRONT | EXPERTS | KEEPER,
    "procedure": FRONT | EXPERTS | KEEPER,
    "batch_new": FRONT,
    "batch": FRONT,
    "batch_file": FRONT,
    "batch_posted": FRONT,
    "batch_take_out": FRONT,
    "personal_letter": FRONT,
    "citizens": FRONT,
    "citizen_new": FRONT,
    "citizen": FRONT | {Role.AGENT_EXPERT, Role.CHEF_SERVICE},
    "record_note": FRONT | {Role.AGENT_EXPERT, Role.CHEF_SERVICE},
    "record_note_act": FRONT | {Role.AGENT_EXPERT, Role.CHEF_SERVICE},
    "household": FRONT,
    "household_end": FRONT,
    "record_consent": FRONT,
    "merge_with": FRONT,
    "compared": FRONT,
    "citizen_edit": FRONT,
    "citizen_number": FRONT,
    "duplicates": FRONT,
    "duplicate": FRONT,
    "duplicate_review": FRONT,
    "citizen_merge": FRONT,
    "organisations": FRONT,
    "organisation_check": FRONT,
    "correction_answer": FRONT,
    "agreements": {Role.ADMINISTRATEUR, Role.SUPERVISEUR},
    "contract": {Role.ADMINISTRATEUR, Role.SUPERVISEUR, Role.CHEF_SERVICE},
    "contract_write": {Role.ADMINISTRATEUR},
    "contract_withdraw": {Role.ADMINISTRATEUR},
    "level_answer": {Role.CHEF_SERVICE},
    "contract_answer": {Role.CHEF_SERVICE},
    "agreement": {Role.ADMINISTRATEUR},
    "regimes": {Role.ADMINISTRATEUR, Role.DPO},
    "regime": {Role.ADMINISTRATEUR, Role.DPO},
    "calendar": {Role.ADMINISTRATEUR},
    "closure": {Role.ADMINISTRATEUR},
    **{
        name: {Role.ADMINISTRATEUR}
        for name in (
            *("departments", "department_new", "department", "department_close"),
            *("department_reopen", "sites", "site_new", "site", "rights"),
            *("site_close", "site_reopen", "blocks", "block", "offer_rules"),
            *("imports", "import", "import_errors", "import_forget"),
            *("configuration_export", "configuration_together", "import_outline"),
            *("offer_letters", "offer_law"),
            *("imports", "import", "import_errors", "configuration_export"),
            *("town", "coded_list", "coded_new", "coded_one"),
            *("street_list", "street_new", "street_one"),
        )
    },
    **{
        name: {Role.ADMINISTRATEUR, Role.SUPERVISEUR} | KEEPER
        for name in ("letter_setting_list", "letter_setting_new", "letter_setting_one")
    },
    "configuration_history": {Role.ADMINISTRATEUR},
    "configuration_change": {Role.ADMINISTRATEUR},
    "configuration_back": {Role.ADMINISTRATEUR},
    "privacy": {Role.DPO},
    "looks": {Role.DPO},
    "exports_review": {Role.DPO},
    "access_grants": {Role.ADMINISTRATEUR, Role.DPO},
    "privacy_rules": {Role.DPO},
    "privacy_rule": {Role.DPO},
    "privacy_hold": {Role.DPO},
    "privacy_extend": {Role.DPO},
    "privacy_undo_extension": {Role.DPO},
    "privacy_people": {Role.DPO},
    "privacy_person": {Role.DPO},
    "privacy_copy": {Role.DPO},
    "privacy_erase": {Role.DPO},
    "privacy_download": {Role.DPO},
    "settings": {Role.ADMINISTRATEUR, Role.SUPERVISEUR},
    "qualification": {Role.ADMINISTRATEUR, Role.SUPERVISEUR},
    "qualification_threshold": {Role.ADMINISTRATEUR},
    "qualification_train": {Role.ADMINISTRATEUR},
    "offers": {Role.ADMINISTRATEUR},
    "offer_new": {Role.ADMINISTRATEUR},
    "offer": {Role.ADMINISTRATEUR},
    "form_builder": {Role.ADMINISTRATEUR},
    "form_preview": {Role.ADMINISTRATEUR},
    "form_discard": {Role.ADMINISTRATEUR},
    "form_publish": {Role.ADMINISTRATEUR},
    "form_versions": {Role.ADMINISTRATEUR},
    "form_again": {Role.ADMINISTRATEUR},
    "form_act": {Role.ADMINISTRATEUR},
    "form_part_new": {Role.ADMINISTRATEUR},
    "form_part": {Role.ADMINISTRATEUR},
    "form_part_act": {Role.ADMINISTRATEUR},
    "categories": {Role.ADMINISTRATEUR},
    "categories_new": {Role.ADMINISTRATEUR},
    "categories_edit": {Role.ADMINISTRATEUR},
    "rubriques": {Role.ADMINISTRATEUR},
    "rubriques_new": {Role.ADMINISTRATEUR},
    "rubriques_edit": {Role.ADMINISTRATEUR},
    "audiences": {Role.ADMINISTRATEUR},
    "audience": {Role.ADMINISTRATEUR},
    "holders": {Role.ADMINISTRATEUR, Role.DPO},
    "holder": {Role.ADMINISTRATEUR, Role.DPO},
    "holder_withdraw": {Role.ADMINISTRATEUR, Role.DPO},
    "routing_rules": {Role.ADMINISTRATEUR},
    "routing_new": {Role.ADMINISTRATEUR},
    "routing_rule": {Role.ADMINISTRATEUR},
    "routing_replay": {Role.ADMINISTRATEUR},
    "routing_act": {Role.ADMINISTRATEUR},
    "routing_sector": {Role.ADMINISTRATEUR},
    "campaigns": {Role.ADMINISTRATEUR, Role.SUPERVISEUR},
    "campaign_new": {Role.ADMINISTRATEUR, Role.SUPERVISEUR},
    "campaign": {Role.ADMINISTRATEUR, Role.SUPERVISEUR},
    "campaign_edit": {Role.ADMINISTRATEUR, Role.SUPERVISEUR},
    "campaign_qr": {Role.ADMINISTRATEUR, Role.SUPERVISEUR},
    "campaign_print": {Role.ADMINISTRATEUR, Role.SUPERVISEUR},
    "newsletter_list": {Role.ADMINISTRATEUR, Role.SUPERVISEUR},
    "newsletter_new": {Role.ADMINISTRATEUR, Role.SUPERVISEUR},
    "newsletter_one": {Role.ADMINISTRATEUR, Role.SUPERVISEUR},
    "issue_new": {Role.ADMINISTRATEUR, Role.SUPERVISEUR},
    "issue": {Role.ADMINISTRATEUR, Role.SUPERVISEUR},
    "issue_edit": {Role.ADMINISTRATEUR, Role.SUPERVISEUR},
    "issue_send": {Role.ADMINISTRATEUR, Role.SUPERVISEUR},
    "staff": {Role.ADMINISTRATEUR},
    "staff_invite": {Role.ADMINISTRATEUR},
    "staff_detail": {Role.ADMINISTRATEUR},
    "staff_handover": {Role.ADMINISTRATEUR},
    "staff_close": {Role.ADMINISTRATEUR},
    "staff_act": {Role.ADMINISTRATEUR},
    "deliveries": {Role.ADMINISTRATEUR, Role.SUPERVISEUR},
    "try_again": {Role.ADMINISTRATEUR, Role.SUPERVISEUR},
}
PUBLIC = {"accept_invitation"}


def routes() -> list[URLPattern]:
    return [route for route in urls.urlpatterns if route.name not in PUBLIC]


@pytest.fixture
def sr():
    return make_request(
        department_id="voirie-assainissement",
        department_since=timezone.now(),
        state=State.TRANSMISE,
        citizen=CitizenFactory(),
    )


def test_every_address_declares_its_rights():
    for route in routes():
        assert hasattr(route.callback, "agent_rights"), route.name


def test_suspended_agent_is_out_at_the_next_request(eas_agent):
    client = client_of(eas_agent)
    assert client.get("/agent/").status_code == 200
    eas_agent.is_active = False
    eas_agent.save()
    assert client.get("/agent/").url.startswith("/compte/login/")


def test_withdrawn_role_ends_with_the_next_request(eas_agent):
    client = client_of(eas_agent)
    eas_agent.memberships.all().delete()
    assert client.get("/agent/demandes/").status_code == 403


def same_words(response, reference: str) -> str:
    """The page without what differs at each view: the form token, and the address asked for."""
    page = response.content.decode().replace(reference, "")
    return re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', "", page)


def test_foreign_and_missing_request_answer_alike(other_expert, sr):
    client = client_of(other_expert, post=None)
    for suffix in ("", "take/", "fichiers/piece/1/"):
        foreign = client.get(f"/agent/demandes/{sr.reference}/{suffix}")
        missing = client.get(f"/agent/demandes/2020-999999-9/{suffix}")
        assert foreign.status_code == missing.status_code == 404
        assert same_words(foreign, sr.reference) == same_words(missing, "2020-999999-9")


def test_front_office_agent_chooses_a_post_first(eas_agent):
    client = client_of(eas_agent, post=None)
    response = client.get("/agent/demandes/?vue=toutes")
    assert response.url == "/agent/poste/?next=%2Fagent%2Fdemandes%2F%3Fvue%3Dtoutes"
    chosen = {"site": "mairie-annexe", "post_type": "telephone", "next": "/agent/demandes/"}
    assert client.post("/agent/poste/", chosen).url == "/agent/demandes/"
    assert "Accueil téléphonique · Mairie annexe" in client.get("/agent/demandes/").content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_choice_of_post_never_leads_elsewhere(eas_agent, target):
    client = client_of(eas_agent, post=None)
    chosen = {"site": "mairie-annexe", "post_type": "guichet", "next": target}
    assert client.post("/agent/poste/", chosen).url == "/agent/"


def test_expert_is_not_asked_for_a_post(expert):
    assert client_of(expert, post=None).get("/agent/").status_code == 200


def test_forms_need_their_token(eas_agent, sr):
    client = client_of(eas_agent, enforce_csrf_checks=True)
    response = client.post(f"/agent/demandes/{sr.reference}/take/", {"version": sr.version})
    assert response.status_code == 403


def test_staff_pages_are_never_kept_in_caches(front):
    assert "no-store" in front.get("/agent/")["Cache-Control"]


def test_a_person_without_any_role_sees_nothing(db):
    from tests.factories.users import UserFactory

    client = Client()
    client.force_login(UserFactory(), "allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/agent/").status_code == 403


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ("eas_agent", "Chercher une personne, une demande, un numéro"),
        ("expert", "Chercher une demande, une rue, un numéro"),
        ("manager", "Chercher une prestation"),
    ],
)
def test_the_search_box_names_only_what_its_reader_may_find(request, person, words):
    page = client_of(request.getfixturevalue(person)).get("/agent/").content.decode()
    assert f'placeholder="{words}"' in page


@pytest.mark.parametrize(
    ("path", "status"), [("/agent/accueil/", 403), ("/agent/demandes/2026-999999-9/", 404)]
)
def test_refusals_have_the_look_of_the_workplace_for_the_staff(expert, path, status):
    response = client_of(expert).get(path)
    assert response.status_code == status
    page = response.content.decode()
    assert 'class="agent-nav"' in page
    assert "Aller à ma journée" in page
    assert "Suivre ma demande" not in page
