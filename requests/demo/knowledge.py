"""The demo's knowledge base at work: owners, a text to validate, remarks, what is still missing."""

from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from massy_grc.users.models import User
from prestations.actions import note_missing, note_remark
from prestations.enums import Channel, Role
from prestations.models import ArticleVersion, KnowledgeArticle, Procedure
from requests.actions import articles, procedures
from requests.demo.people import Staff
from requests.enums import FINAL_STATES
from requests.models import ServiceRequest

MISSING = (
    (Channel.WEB, 14, "borne de recharge électrique"),
    (Channel.TELEPHONE, 6, "borne de recharge électrique"),
    (Channel.WEB, 9, "permis de louer"),
    (Channel.GUICHET, 5, "changer de prénom"),
    (Channel.WEB, 4, "composteur collectif"),
    (Channel.TELEPHONE, 3, "tapage nocturne chantier"),
)
NEW_TITLE = "Changer de prénom à la mairie"
NEW_TEXT = (
    "La demande se fait à la mairie du domicile ou du lieu de naissance. Elle est gratuite.\n\n"
    "Apportez une pièce d'identité, un acte de naissance de moins de trois mois, un justificatif "
    "de domicile et ce qui montre votre intérêt légitime."
)
CORRECTION = "Avant de transmettre, regardez la procédure de la prestation : tout y est coché."
WORKED_ON = 12  # requests whose procedure is begun


def make_knowledge(random: Random, staff: Staff, now: datetime) -> None:
    """Give the articles owners and let people write, remark and ask; once."""
    keeper = User.objects.filter(pk=staff.demo.get(Role.RESPONSABLE_CONNAISSANCE, 0)).first()
    if keeper is None or ArticleVersion.objects.exists():
        return
    today = timezone.localdate(now)
    people = list(User.objects.filter(pk__in=staff.eas).order_by("pk"))
    for place, one in enumerate(KnowledgeArticle.objects.in_force()):
        due = one.review_on if place else today - timedelta(days=5)  # one of them late
        articles.give_article(
            actor=keeper,
            code=one.pk,
            owner=random.choice([*people, keeper]),
            review_on=due,
            now=now,
        )
    _write(people[0], keeper, now)
    remark = note_remark(
        slug="horaires-des-mairies", text="Le samedi, la mairie annexe ferme à midi.", now=now
    )
    articles.remark_article(
        actor=people[1 % len(people)],
        code=remark.article_id,
        text="Il manque les horaires des vacances scolaires.",
        now=now,
    )
    for channel, times, words in MISSING:
        for _time in range(times):
            note_missing(text=words, channel=channel, today=today)
    _work(random, people, now)


def _write(author: User, keeper: User, now: datetime) -> None:
    """A new article waits for its validation; a known one was corrected by the manager."""
    proposed = articles.write_article(
        actor=author, label=NEW_TITLE, text=NEW_TEXT, public=True, now=now
    )
    articles.propose_article(actor=author, code=proposed.article_id, seen=proposed.number)
    known = KnowledgeArticle.objects.filter(pk="kb-transfert-expert").first()
    if known is None:
        return
    version = articles.write_article(
        actor=keeper,
        code=known.pk,
        label=known.label,
        text=f"{known.text}\n\n{CORRECTION}",
        now=now,
    )
    articles.validate_article(actor=keeper, code=known.pk, seen=version.number, alone=True, now=now)


def _work(random: Random, people: list[User], now: datetime) -> None:
    """Some open requests have their procedure begun; the reserved ones only people named see."""
    covered = Procedure.objects.filter(prestation__restricted=False).values("pk")
    running = ServiceRequest.objects.exclude(state__in=FINAL_STATES).filter(prestation__in=covered)
    for sr in running.order_by("-arrived_at", "-pk")[:WORKED_ON]:
        agent = random.choice(people)
        for step in procedures.steps_of(sr.prestation_id)[:2]:
            procedures.tick_step(request_id=sr.pk, actor=agent, step_id=step.pk, done=True, now=now)
