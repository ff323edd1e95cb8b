"""JSON schema of catalogue.yaml; the meaning of each key is told at the top of that file."""

from prestations import enums
from prestations.behalf import OWN_PERSON, PERSON
from prestations.loading.shapes import (
    ANY,
    BOOLEAN,
    CODE,
    COUNT,
    HTTPS,
    NAME,
    POSITIVE,
    Schema,
    array,
    mapping,
    maybe,
    one_of,
    open_mapping,
    text,
)

ORIGIN = one_of(["seed_list", "seed_screen", "seed_diagram", "derived"])
TEAM = CODE
# The technical channels (voice server, Open311) are not chosen prestation by prestation.
ARRIVAL_CHANNELS = [channel for channel in enums.Channel.values if channel not in {"svi", "api"}]
OPERATORS = ["equals", "not_equals", "in", "greater_than"]

CONDITION: Schema = mapping({"field": NAME, "operator": one_of(OPERATORS), "value": ANY})
CHOICE: Schema = mapping({"value": text(80), "label": text(250)})
FIELD_KEYS: dict[str, Schema] = {
    "name": NAME,
    "label": text(250),
    "type": one_of(enums.FieldType.values),
    "required": BOOLEAN,
    "choices": maybe(array(CHOICE, least=1)),
    "help": maybe(text()),
    "visible_if": maybe(CONDITION),
}
# How many answers of a question with several.
NUMBER_OF_ANSWERS = {"least_answers": POSITIVE, "most_answers": POSITIVE}
LINK = mapping({"prestation": CODE, "words": text(80)})
FORM_FIELD = mapping(
    FIELD_KEYS,
    optional={
        "at_most": NAME,
        "leads_to": LINK,
        "page": text(80),
        "description": {"const": True},
        **NUMBER_OF_ANSWERS,
    },
)
BLOCK_FIELD = mapping(
    FIELD_KEYS | {"required_on": array(one_of(["all", *enums.Channel.values]), unique=True)},
    optional={"page": text(80), **NUMBER_OF_ANSWERS},
)
DOCUMENT = mapping(
    {
        "code": CODE,
        "label": text(250),
        "mode": one_of(["obligatory", "conditional"]),
        "condition": maybe(text(250)),
        "required_if": maybe(CONDITION),
        "original_at_counter": BOOLEAN,
    },
    optional={"later": {"const": True}, "source": text(250)},
)
LINK = mapping({"label": text(250), "url": HTTPS})
# Filing for somebody else: asked before the form, said by the form, or by another prestation.
ON_BEHALF = mapping(
    {},
    optional={
        "ask": {"const": True},
        "person": mapping({}, optional=dict.fromkeys(PERSON, NAME)),
        "when": CONDITION,
        "instead": CODE,
        "own": mapping(
            {"person": mapping({}, optional=dict.fromkeys(OWN_PERSON, NAME))},
            optional={"when": CONDITION},
        ),
    },
)
# One question before the form; without choices it is answered by yes or no.
ELIGIBILITY = mapping(
    {
        "code": NAME,
        "question": text(250),
        "stops": array(
            mapping(
                {"values": array(text(80), least=1), "because": text(250), "instead": text(250)},
                optional={"prestation": CODE, "link": LINK},
            ),
            least=1,
        ),
    },
    optional={
        "help": text(250),
        "choices": array(CHOICE, least=2),
        "field": NAME,
        # whoever files for an organisation of this kind has answered already
        "by_organisation": mapping({}, optional=dict.fromkeys(enums.Audience.values, text(80))),
        # these answers say that the person whose birth date the form asks is so old at least:
        # 18 for « majeur », 16 for « majeur ou émancipé » (Code civil 413-2)
        "least_age": mapping({"values": array(text(80), least=1), "field": NAME, "years": COUNT}),
    },
)
CERFA = mapping(
    {
        "number": {"type": "string", "pattern": r"^\d{5}(\*\d{2})?$"},
        "label": text(250),
        "url": HTTPS,
    }
)
UNIT = one_of(enums.DelayUnit.values)
FEE = mapping(
    {
        "free": BOOLEAN,
        "items": array(
            mapping(
                {
                    "label": text(250),
                    "amount": maybe({"type": "number", "minimum": 0}),
                    "unit": maybe(text(80)),
                }
            )
        ),
        "paid_to": maybe(one_of(enums.PaidTo.values)),
        "payment": array(one_of(enums.PaymentMethod.values), unique=True),
        "source": text(),
    }
)
LEGAL = mapping(
    {
        "acknowledgement": one_of(enums.Acknowledgement.values),
        "silence_effect": one_of(enums.SilenceEffect.values),
        "silence_delay": maybe(mapping({"value": POSITIVE, "unit": UNIT})),
        "basis": array(text(250)),
        "confirmed": BOOLEAN,
        "appeal": maybe(text()),
        "note": maybe(text()),
    }
)
PRESTATION = mapping(
    {
        "code": CODE,
        "label": text(250),
        "seed_label": maybe(text()),
        "origin": ORIGIN,
        "category": CODE,
        "team": TEAM,
        "handling": one_of(enums.Handling.values),
        "expert_department": maybe(CODE),
        "routing_rules": array(mapping({"when": CONDITION, "expert_department": CODE})),
        "status": one_of([enums.PrestationStatus.ACTIVE, enums.PrestationStatus.HISTORICAL]),
        "sites": array(CODE, unique=True),
        "audiences": array(one_of(enums.Audience.values), least=1, unique=True),
        "channels": array(one_of(ARRIVAL_CHANNELS), least=1, unique=True),
        "anonymous_allowed": BOOLEAN,
        "residents_only": BOOLEAN,
        "location": one_of(enums.Location.values),
        "immediate_at_counter": BOOLEAN,
        "target_delay": mapping(
            {
                "value": POSITIVE,
                "unit": UNIT,
                "kind": one_of(["seed", "law", "estimate"]),
                "source": text(),
            }
        ),
        "urgent_delay": maybe(
            mapping(
                {
                    "value": POSITIVE,
                    "unit": UNIT,
                    "condition": text(250),
                    "urgent_if": array(CONDITION),
                    "source": text(),
                }
            )
        ),
        "appointment": one_of(enums.Appointment.values),
        "requester_block": CODE,
        "form_fields": array(FORM_FIELD),
        "documents": array(DOCUMENT),
        "fee": FEE,
        "delivery_modes": array(one_of(enums.DeliveryMode.values), least=1, unique=True),
        "legal": LEGAL,
        "templates": mapping(
            {
                "acknowledgement": CODE,
                "outcome_positive": maybe(CODE),
                "outcome_negative": maybe(CODE),
                "other": array(CODE, unique=True),
            }
        ),
        "legacy_software": maybe(text(80)),
        "open311_exposed": BOOLEAN,
        "keywords": array(text(100), unique=True),
        "summary": text(),
        "eligibility": array(text(), least=1),
        "appointment_info": maybe(text()),
        "replaced_by": maybe(text()),
        "external_link": maybe(LINK),
        "notes": maybe(text()),
    },
    optional={
        "eligibility_questions": array(ELIGIBILITY, least=1),
        "cerfa": array(CERFA),
        "on_behalf": ON_BEHALF,
    },
)
GROUPING: dict[str, Schema] = {
    "code": CODE,
    "label": text(250),
    "team": TEAM,
    "origin": ORIGIN,
    "order": COUNT,
}
REQUESTER_BLOCK = mapping(
    {
        "code": CODE,
        "label": text(250),
        "requester_kinds": array(one_of(enums.RequesterKind.values), least=1, unique=True),
        "note": maybe(text()),
        "fields": array(BLOCK_FIELD, least=1),
    }
)
CATALOGUE: Schema = mapping(
    {
        "schema_version": {"const": 1},
        "language": {"const": "fr"},
        "seed_file": text(),
        "counts": open_mapping(),
        "rules": open_mapping(
            {"audience_requester_kinds": {"type": "object"}, "attachments": {"type": "object"}}
        ),
        "requester_blocks": array(REQUESTER_BLOCK, least=1),
        "categories": array(
            mapping(GROUPING | {"seed_label": maybe(text()), "seed_ref": text()}), least=1
        ),
        "portal_groups": array(
            mapping(
                GROUPING
                | {
                    "prestations": array(
                        mapping({"code": CODE, "portal_label": maybe(text(250))}), least=1
                    )
                }
            )
        ),
        "restricted": array(mapping({"prestation": CODE, "reason": text(250)})),
        "checks": array(
            mapping(
                {
                    "prestation": CODE,
                    "checks": array(one_of(enums.Check.values), least=1, unique=True),
                }
            )
        ),
        "approval": array(mapping({"prestation": CODE, "reason": text(250)})),
        "public_reports": array(mapping({"prestation": CODE, "nearby_metres": POSITIVE})),
        "prestations": array(PRESTATION, least=1),
    }
)
