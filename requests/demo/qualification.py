"""The demo's letters that nobody has sorted yet."""

from prestations.models import FormVersion, Prestation
from prestations.models.catalogue import UNSORTED
from requests import deadlines
from requests.demo.lives import Life
from requests.subjects import subject_of

TEXTS = (
    (
        "Madame, Monsieur, ma caisse de pension me réclame chaque année la preuve que je suis "
        "toujours de ce monde. Je marche difficilement. Que dois-je apporter ?"
    ),
    (
        "Mon fils vient d’avoir seize ans et a reçu un courrier de l’armée. "
        "Doit-il passer en mairie, et avec quels papiers ?"
    ),
    (
        "Nous déménageons en janvier : il faut inscrire la petite en maternelle, elle aura "
        "trois ans en mars. Comment cela se passe-t-il ?"
    ),
    (
        "La facture de cantine de novembre compte douze repas alors que le petit était à "
        "l’hôpital. Merci de revoir cela, et de me rappeler."
    ),
    (
        "Comment louer une salle pour les soixante ans de mariage de mes parents, "
        "un samedi de juin ?"
    ),
    (
        "J’héberge ma mère, qui vient d’Oran pour l’été. Le consulat lui demande un papier "
        "de la mairie de mon domicile."
    ),
)


def leave_unsorted(life: Life) -> None:
    """Make a request that nobody has qualified yet the free text that it arrived as."""
    unsorted, row = life.world.unsorted, life.row
    if unsorted is None or unsorted.current_form is None:
        return
    dates = deadlines.dates_for(
        unsorted,
        arrived_at=row["arrived_at"],
        urgent=False,
        complete=True,
        calendar=life.world.calendar,
    )
    answers = {
        "demandeur": _kept(unsorted.current_form, row["answers"]["demandeur"]),
        "reponses": {"texte": life.random.choice(TEXTS)},
    }
    row |= {
        "prestation_id": unsorted.pk,
        "form_version_id": unsorted.current_form.pk,
        "category_id": unsorted.category_id,
        "team_id": unsorted.team_id,
        "answers": answers,
        "subject": subject_of(unsorted, answers),
        "urgent": False,
        "due_at": dates.due_at,
        "silence_effect": dates.silence_effect,
        "implicit_decision_at": dates.implicit_decision_at,
        "interim_due_at": dates.interim_due_at,
        "place": "",
        "street_id": None,
        "street_number": "",
        "latitude": None,
        "longitude": None,
    }
    life.announced = dates.due_at
    filing = life.events[0][-1]
    filing["prestation"] = unsorted.pk


def _kept(form: FormVersion, answers: dict) -> dict:
    """Return the requester's answers that the form asks for."""
    asked = {one["name"] for one in form.definition["requester_block"]["fields"]}
    return {name: value for name, value in answers.items() if name in asked}


def unsorted_prestation() -> Prestation | None:
    """Return the row that stands for what is not sorted yet, with its form."""
    return Prestation.objects.filter(pk=UNSORTED).select_related("current_form").first()
