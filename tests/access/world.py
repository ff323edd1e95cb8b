"""Two citizens who own one of everything: what the walk of all addresses needs.

Whatever they told the town holds a canary: a word that nobody else may ever be shown.
"""

import zipfile
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from io import BytesIO

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection
from django.db.models import Model, Q
from django.urls import resolve
from django.utils import timezone

from citizens.actions import (
    ask_email_change,
    ask_for_mail,
    ask_subscription,
    correct_organisation,
    invite_member,
)
from citizens.actions.consents import Subject, set_consent, withdrawal_link
from citizens.actions.sign_up import password_link
from citizens.enums import ConsentKind, ConsentSource, MailPurpose
from citizens.links import (
    change_link,
    invitation_link,
    sign_up_link,
    subscription_link,
    unsubscribe_link,
)
from citizens.models import (
    Citizen,
    CitizenAccount,
    ConsentEvent,
    EmailChange,
    FederatedIdentity,
    MailRequest,
    Newsletter,
    OrganisationAccount,
    OrganisationChange,
    OrganisationInvitation,
    OrganisationMember,
    PossibleDuplicate,
    SignedInDevice,
    Subscription,
)
from massy_grc.users.models import User
from prestations.enums import Channel
from prestations.forms.address import AddressField
from prestations.models import Prestation
from requests import actions
from requests.behalf import objection_link
from requests.following import confirm_link, stop_link
from requests.models import (
    Attachment,
    ConcernedPerson,
    Contact,
    DataExport,
    Document,
    FilingDraft,
    InternalNote,
    LegalHold,
    Message,
    PersonalLetter,
    PieceRequest,
    ReportFollower,
    ServiceRequest,
    SpokenNews,
    WalletDocument,
)
from requests.opinions import link_about
from requests.tracking import tracking_link
from requests.views.filing_done import confirmation_url
from requests.views.space_attach import earlier_link
from tests.access.words import Words
from tests.factories.answers import going_on
from tests.factories.citizens import make_account
from tests.factories.organisations import make_organisation
from tests.factories.places import make_street
from tests.requests.filed import file_request

POTHOLE, CERTIFICATE = "voirie-intervention-rapide", "acte-naissance-filiation"
FILE = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass(frozen=True)
class Owner:
    """One citizen and what is theirs.

    Attributes:
        canaries: their words, their reference and their tracking code.
    """

    words: Words
    account: CitizenAccount
    request: ServiceRequest
    draft: FilingDraft
    draft_file: Attachment
    file: Attachment
    document: Document
    message: Message
    export: DataExport
    letter: PersonalLetter
    device: SignedInDevice
    passkey: Authenticator
    change: EmailChange
    follower: ReportFollower
    contact: Contact
    sign_up: MailRequest
    kept_document: WalletDocument
    organisation: OrganisationAccount
    invitation: OrganisationInvitation
    correction: OrganisationChange
    subscription: Subscription

    @property
    def canaries(self) -> list[str]:
        words = [str(value) for value in vars(self.words).values()]
        local = self.words.phone.removeprefix("+33")
        grouped = f"0{local[0]} " + " ".join(local[n : n + 2] for n in range(1, 9, 2))
        return [*words, local, grouped, self.request.reference, self.request.tracking_code]

    @property
    def citizen(self) -> Citizen:
        return self.account.citizen

    def links(self) -> dict[str, str]:
        """The signed part of each mailed or shown link, by the name of its address."""
        consent = Subject(self.citizen.pk)
        urls = (
            confirmation_url(self.request),
            tracking_link(self.request),
            confirm_link(self.follower),
            stop_link(self.follower),
            sign_up_link(self.sign_up.pk),
            change_link(self.change.pk, "old"),
            withdrawal_link(consent, ConsentKind.SATISFACTION),
            earlier_link(self.account),
            objection_link(self.request),
            invitation_link(self.invitation.pk),
            subscription_link([self.subscription.pk]),
            unsubscribe_link(self.subscription.pk),
            link_about(self.request),
        )
        found = {}
        for url in urls:
            match = resolve(url.removeprefix(settings.PUBLIC_URL))
            found[match.view_name] = match.kwargs["signed"]
        return found | {"requests:receipt": found["requests:confirmation"]}

    def password_key(self) -> dict[str, str]:
        """The two parts of the link that lets choose a password."""
        path = password_link(self.account.user).removeprefix(settings.PUBLIC_URL)
        return resolve(path).kwargs

    def rows(self) -> dict[type[Model], Q]:
        """What stands in the database about them."""
        of_request = Q(request=self.request)
        return {
            User: Q(pk=self.account.user_id),
            CitizenAccount: Q(pk=self.account.pk),
            Citizen: Q(pk=self.citizen.pk),
            ConsentEvent: Q(citizen=self.citizen),
            EmailChange: Q(account=self.account),
            FederatedIdentity: Q(account=self.account),
            SignedInDevice: Q(pk=self.device.pk),
            Authenticator: Q(user=self.account.user),
            PossibleDuplicate: Q(citizen=self.citizen) | Q(other=self.citizen),
            ServiceRequest: Q(pk=self.request.pk) | Q(account=self.account),
            Message: of_request,
            InternalNote: of_request,
            PieceRequest: of_request,
            Document: of_request,
            LegalHold: of_request,
            Attachment: of_request | Q(draft=self.draft),
            FilingDraft: Q(pk=self.draft.pk) | Q(account=self.account),
            DataExport: Q(citizen=self.citizen),
            Contact: Q(citizen=self.citizen),
            WalletDocument: Q(account=self.account),
            ConcernedPerson: of_request,
            SpokenNews: of_request,
            OrganisationAccount: Q(pk=self.organisation.pk),
            OrganisationMember: Q(organisation=self.organisation),
            OrganisationInvitation: Q(organisation=self.organisation),
            OrganisationChange: Q(organisation=self.organisation),
            Subscription: Q(pk=self.subscription.pk),
        }

    def kept(self) -> dict[str, str]:
        """A digest of each table's rows about them: two are equal when nothing changed."""
        statement, values = self._digests
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return dict(
                zip((model.__name__ for model in self.rows()), cursor.fetchone(), strict=True)
            )

    @cached_property
    def _digests(self) -> tuple[str, list]:
        """One query for all tables: a walk asks it hundreds of times."""
        parts, values = [], []
        for model, rows in self.rows().items():
            found = model._default_manager.filter(rows).order_by("pk")
            sql, params = found.values_list().query.sql_with_params()
            parts.append(f"(SELECT md5(string_agg(t::text, ',')) FROM ({sql}) t)")
            values.extend(params)
        return f"SELECT {', '.join(parts)}", values


def make_owner(words: Words, agent, *, number: str, factor: str) -> Owner:
    """One citizen with one of everything.

    Args:
        agent: of the front office, who wrote to them.
        number: of their house, in the street that the register knows.
        factor: the type of their second factor.
    """
    account = make_account(
        family_name=words.family_name,
        given_name=words.given_name,
        email=words.email,
        phone=words.phone,
        address=f"3 {words.street} 91300 Massy",
    )
    sr = _request(words, account, agent, number)
    certificate = Prestation.objects.get(pk=CERTIFICATE)
    draft = actions.start_draft(prestation=certificate, account=account, channel=Channel.WEB)
    for code, answer in going_on(draft.form_version).items():
        actions.answer_condition(token=draft.token, code=code, answer=answer)
    answers = {"demandeur": {}, "reponses": {"motif": words.draft}}
    draft = actions.save_answers(token=draft.token, answers=answers)
    relative = {"family_name": words.family_name, "relation": "famille", "email": words.email}
    draft = actions.name_person(token=draft.token, person=relative)
    now = timezone.now()
    person = {"citizen": account.citizen, "asked_by": account.user}
    export = DataExport.objects.create(**person, asked_at=now, state="ready", ready_at=now)
    export.expires_at = now + timedelta(days=3)
    export.file.save("copie.zip", ContentFile(_archive(words)))
    set_consent(
        subject=Subject(account.citizen_id),
        kind=ConsentKind.SATISFACTION,
        given=True,
        source=ConsentSource.ACCOUNT,
    )
    actions.follow_report(request_id=sr.pk, email=words.follower)
    ConcernedPerson.objects.create(request=sr, family_name=words.family_name, told_at=now)
    actions.news_to_tell(
        service_request=sr, way="telephone", subject=words.text, key=f"news:{sr.pk}", now=now
    )
    organisation = make_organisation(
        account, name=f"Club {words.family_name}", rna=f"W{words.phone[-9:]}"
    )
    newsletter, _new = Newsletter.objects.get_or_create(code="travaux", label="Travaux")
    # one more, for who wants another
    Newsletter.objects.get_or_create(code="ecoles", label="Écoles")
    ask_subscription(
        email=words.email, newsletters=[newsletter], language="fr", now=now, account=account
    )
    address = f"nouvelle-{words.email}"
    ask_for_mail(purpose=MailPurpose.SIGN_UP, email=address, language="fr", now=now)
    return Owner(
        words=words,
        account=account,
        request=sr,
        draft=draft,
        draft_file=add_file(Attachment, words, draft=draft),
        file=sr.attachments.get(),
        document=add_file(Document, words, request=sr, template="x", label=words.text),
        message=sr.messages.get(),
        export=export,
        letter=PersonalLetter.objects.create(
            citizen=account.citizen,
            key=f"world:{account.pk}",
            address=words.text,
            subject="x",
            body=words.text,
        ),
        device=SignedInDevice.objects.create(
            user=account.user, label="Firefox", started_at=now, last_seen_at=now
        ),
        passkey=Authenticator.objects.create(
            user=account.user,
            type=factor,
            data={"name": words.key_name, "credential": {}, "secret": "JBSWY3DPEHPK3PXP"},
        ),
        change=ask_email_change(
            account_id=account.pk, new_email=f"autre-{words.email}", language="fr", now=now
        ),
        follower=ReportFollower.objects.get(email=words.follower),
        contact=actions.log_contact(
            actor=agent,
            channel=Channel.TELEPHONE,
            question=words.contact,
            citizen=account.citizen,
            outcome="call-back",
        ),
        sign_up=MailRequest.objects.get(email=address),
        kept_document=add_file(WalletDocument, words, account=account, kind="rib", sha256="1" * 64),
        organisation=organisation,
        invitation=invite_member(
            organisation_id=organisation.pk,
            email=f"invite-{words.email}",
            role="membre",
            by=account,
            language="fr",
            now=now,
        ),
        correction=correct_organisation(
            organisation_id=organisation.pk,
            name=organisation.name,
            address=f"5 {words.street}",
            by=account,
            now=now,
        ),
        subscription=Subscription.objects.get(email=words.email),
    )


def _request(words: Words, account: CitizenAccount, agent, number: str) -> ServiceRequest:
    """A public report at the roads department, with everything that may be in a request."""
    person = {
        "nom_famille": words.family_name,
        "prenom": words.given_name,
        "email": words.email,
        "telephone": words.phone,
        "adresse": f"3 {words.street} 91300 Massy",
    }
    place = AddressField(spot=True).clean(["rue Jean Mermoz", number, ""])
    place["complement"] = words.street
    sr = file_request(
        POTHOLE,
        requester=person,
        answers={"description": words.text, "lieu": place},
        account=account,
        subject=words.text,
        place=f"{number} rue Jean Mermoz, {words.street}",
    )
    sr = actions.route_request(request_id=sr.pk)
    add_file(Attachment, words, request=sr, document_code="piece-identite")
    actions.write_message(request_id=sr.pk, version=None, actor=agent, body=words.message)
    actions.add_note(request_id=sr.pk, actor=agent, body=words.note)
    sr.pieces.create(
        document_code="x",
        label=words.answer,
        asked_by=agent,
        asked_at=timezone.now(),
        due_on=timezone.localdate() + timedelta(days=9),
    )
    sr.holds.create(reason=words.hold, placed_by=agent, placed_at=timezone.now())
    sr.refresh_from_db()
    return sr


def add_file(model, words: Words, **place):
    """A stored file whose name and content are theirs."""
    content = FILE + words.file_content.encode()
    values = {"media_type": "application/pdf", "size": len(content), "sha256": "0" * 64}
    row = model(name=words.file_name, **(values | place))
    row.file.save("x", ContentFile(content))
    return row


def _archive(words: Words) -> bytes:
    stored = BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as bundle:
        bundle.writestr("donnees.json", words.file_content)
    return stored.getvalue()


@dataclass(frozen=True)
class World:
    """The town of the walk: whom it is about, and another citizen who meddles."""

    first: Owner
    second: Owner


def make_world(agent) -> World:
    """Both citizens, in a street that the register knows."""
    make_street()
    first = make_owner(Words.of("Zyxwcanari", "55443322"), agent, number="5", factor="webauthn")
    second = make_owner(Words.of("Qorvautre", "77889900"), agent, number="12", factor="totp")
    PossibleDuplicate.objects.create(citizen=first.citizen, other=second.citizen, reasons=[])
    return World(first, second)
