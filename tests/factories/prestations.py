"""The town's organisation and a small catalogue of its own, where the real one is too much.

The real one is in every test database (fixture `catalogue`); rows with its codes are found again,
not made twice.
"""

import factory
from factory.django import DjangoModelFactory

from prestations import models
from prestations.enums import (
    Acknowledgement,
    Appointment,
    Channel,
    DelayUnit,
    Handling,
    Location,
    PrestationStatus,
    RequesterKind,
    SilenceEffect,
)
from prestations.loading.catalogue import checksum_of


class TownFactory(DjangoModelFactory):
    class Meta:
        model = models.Town
        django_get_or_create = ("code",)

    code = "town"
    name = "Massy"
    insee_code = "91377"
    postcode = "91300"
    phone = "01 60 13 30 00"
    email = "guichet@massy.example"


class CodedFactory(DjangoModelFactory):
    class Meta:
        abstract = True
        django_get_or_create = ("code",)

    label = factory.LazyAttribute(lambda o: o.code.replace("-", " ").capitalize())


class DirectionFactory(CodedFactory):
    class Meta:
        model = models.Direction

    code = "services-techniques"


class DepartmentFactory(CodedFactory):
    class Meta:
        model = models.Department

    code = factory.Sequence(lambda n: f"service-{n}")
    direction = factory.SubFactory(DirectionFactory)


class TeamFactory(CodedFactory):
    class Meta:
        model = models.Team

    code = "eas"
    direction = factory.SubFactory(DirectionFactory)


class SiteFactory(CodedFactory):
    class Meta:
        model = models.Site

    code = "mairie-principale"
    address = "1 avenue du Général de Gaulle, 91300 Massy"


class PostTypeFactory(CodedFactory):
    class Meta:
        model = models.PostType

    code = "guichet"


class CategoryFactory(CodedFactory):
    class Meta:
        model = models.Category

    code = "voirie"
    team = factory.SubFactory(TeamFactory)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = models.Membership

    role = "agent-eas"


class ClosingReasonFactory(CodedFactory):
    class Meta:
        model = models.ClosingReason

    code = "satisfaite"
    positive = True


class ClosureFactory(DjangoModelFactory):
    """A closure of every site, all day; give `start` and `end`."""

    class Meta:
        model = models.Closure

    site = None
    label = "Fermeture exceptionnelle"


def make_field(name: str, kind: str = "text", **keys) -> dict:
    """Return one form field in the catalogue's schema."""
    return {
        "name": name,
        "label": name.replace("_", " ").capitalize(),
        "type": kind,
        "required": True,
        "choices": None,
        "help": None,
        "visible_if": None,
    } | keys


def make_definition(*fields: dict, documents=(), location="none", requester=()) -> dict:
    """Return a form definition; without `requester` fields, name and first name are optional."""
    return {
        "requester_block": {
            "code": "contact-facultatif",
            "label": "Vous",
            "requester_kinds": RequesterKind.values,
            "fields": list(requester)
            or [
                make_field("nom_famille", required=False, required_on=[]),
                make_field("prenom", required=False, required_on=[]),
            ],
        },
        "fields": list(fields) or [make_field("description", "textarea", required=False)],
        "documents": list(documents),
        "location": location,
    }


def make_form_version(prestation: models.Prestation, definition: dict) -> models.FormVersion:
    """Add the next version of the form of `prestation`, without making it the current one."""
    return models.FormVersion.objects.create(
        prestation=prestation,
        number=prestation.form_versions.count() + 1,
        definition=definition,
        checksum=checksum_of(definition),
    )


class PrestationFactory(CodedFactory):
    """A simple street report, open everywhere, with a form of one field."""

    class Meta:
        model = models.Prestation
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"prestation-{n}")
    category = factory.SubFactory(CategoryFactory)
    team = factory.SelfAttribute("category.team")
    handling = Handling.SIMPLE
    status = PrestationStatus.ACTIVE
    audiences = factory.LazyFunction(lambda: ["citoyen"])
    channels = factory.LazyFunction(lambda: [str(channel) for channel in Channel])
    anonymous_allowed = True
    location = Location.STREET
    target_value = 8
    target_unit = DelayUnit.CALENDAR_DAYS
    target_kind = "estimate"
    appointment = Appointment.NONE
    acknowledgement = Acknowledgement.REQUIRED
    silence_effect = SilenceEffect.NONE
    acknowledgement_template = "accuse-reception-simple"

    @factory.post_generation
    def current_form(self, create, extracted, **kwargs):
        if create and self.current_form_id is None:
            definition = extracted or make_definition(location=self.location)
            self.current_form = make_form_version(self, definition)
            self.save(update_fields=["current_form"])
