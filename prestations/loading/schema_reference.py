"""JSON schema of reference.yaml.

Blocks that this part of the house loads are described in full; those that later parts will read
(voice menu, family account, dashboards…) only have to be there, as lists or mappings.
"""

from prestations import enums
from prestations.loading.shapes import (
    ANY,
    BOOLEAN,
    CODE,
    COUNT,
    DATE,
    HTTPS,
    POSITIVE,
    TIME,
    Schema,
    array,
    mapping,
    maybe,
    one_of,
    open_mapping,
    text,
)

DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
TEMPLATE_CHANNELS = ["letter", "email", "sms", "screen"]

EMAIL: Schema = {"type": "string", "pattern": r"^[^@\s]+@[^@\s]+\.[^@\s]+$"}
PHONE = text(30)
ADDRESS = text(250)
ORIGIN = one_of(["seed", "derived", "estimate", "law"])
LABEL = text(250)
INTERVALS = array({"type": "array", "items": TIME, "minItems": 2, "maxItems": 2})
WEEK = mapping(dict.fromkeys(DAYS, INTERVALS))
SHARE: Schema = {"type": "number", "exclusiveMinimum": 0}
# Text read by another block of the file only: any shape.
EXTRA: dict[str, Schema] = {"origin": ORIGIN, "contact_origin": ORIGIN, "note": ANY}


def _coded(**keys: Schema) -> Schema:
    return mapping({"code": CODE, "label": LABEL} | keys, optional=EXTRA)


def _wrapped(item: Schema) -> Schema:
    return mapping({"origin": ORIGIN, "items": array(item, least=1)})


VISIT = mapping(
    {
        "confirmed": BOOLEAN,
        "come": array(mapping({"mode": text(40), "text": text(250)})),
        "access": array(
            mapping(
                {
                    "code": one_of(enums.Access.values),
                    "answer": one_of(enums.AccessAnswer.values),
                    "text": text(250),
                }
            )
        ),
    }
)
CONTACT: dict[str, Schema] = {"address": ADDRESS, "phone": PHONE, "email": EMAIL}
TOWN = open_mapping(
    {
        "deaf_relay": maybe(
            mapping(
                {"confirmed": BOOLEAN, "url": HTTPS, "ways": array(text(80), least=1, unique=True)}
            )
        ),
        "name": text(100),
        "insee_code": {"type": "string", "pattern": r"^[0-9][0-9AB][0-9]{3}$"},
        "postcode": {"type": "string", "pattern": r"^[0-9]{5}$"},
        "website": text(200),
        "dpo_email": EMAIL,
    }
    | CONTACT
)
TEMPLATE = mapping(
    {
        "code": CODE,
        "label": LABEL,
        "audience": one_of(["citoyen", "interne"]),
        "channels": array(one_of(TEMPLATE_CHANNELS), least=1, unique=True),
        "use": array(one_of(enums.LetterUse.values), least=1, unique=True),
        "subject": text(250),
        "body": text(),
    },
    optional={"sms_body": text(), "general": BOOLEAN, "authority": BOOLEAN, "neutral": BOOLEAN},
)
SOFTWARE: dict[str, Schema] = {
    "code": CODE,
    "label": LABEL,
    "subject": text(250),
    "double_entry": BOOLEAN,
}
CODES = array(CODE, unique=True)
SIGNATORY = mapping(
    {
        "code": CODE,
        "first_name": text(100),
        "last_name": text(100),
        "quality": text(200),
        "formula": maybe(text(200)),
        "account": maybe(EMAIL),
        "prestations": CODES,
        "templates": CODES,
        "categories": CODES,
        "departments": CODES,
    }
)
CLOSURE = mapping(
    {
        "site": maybe(CODE),
        "start": DATE,
        "end": DATE,
        "opens": maybe(TIME),
        "closes": maybe(TIME),
        "closed": BOOLEAN,
        "label": text(200),
        "origin": ORIGIN,
    }
)
CONTRACT = mapping(
    {
        "code": CODE,
        "department": CODE,
        "prestations": array(CODE, least=1, unique=True),
        "information_level": text(),
        "performance": mapping(
            {
                "acknowledge_expert_working_days": POSITIVE,
                "return_working_days": POSITIVE,
                "on_time_rate": SHARE,
            }
        ),
        "resources": text(),
        "evaluation": text(),
    }
)
STATE = mapping(
    {
        "code": CODE,
        "label": LABEL,
        "public_label": LABEL,
        "origin": ORIGIN,
        "clock": one_of(["running", "stopped", "paused"]),
        "open311": maybe(one_of(["open", "closed"])),
        "final": BOOLEAN,
    }
)
ARTICLE = mapping(
    {
        "code": CODE,
        "title": LABEL,
        "slug": CODE,
        "state": one_of(enums.ArticleState.values),
        "verified_on": maybe(DATE),
        "public": BOOLEAN,
        "prestations": array(CODE, unique=True),
        "text": text(),
    }
)
LATER_BLOCKS = [
    "variant_teams",
    "working_time",
    "training",
    "residence_kinds",
    "public_holidays",
    "school_calendar",
    "family_account",
    "ivr",
    "satisfaction_survey",
    "mystery_shopper",
    "indicators",
    "dashboards",
    "improvement_programme",
    "history",
    "letter_rules",
]
LATER: dict[str, Schema] = {block: {"type": ["object", "array"]} for block in LATER_BLOCKS}
REFERENCE: Schema = mapping(
    LATER
    | {
        "schema_version": {"const": 1},
        "language": {"const": "fr"},
        "town": TOWN,
        "sites": array(
            _coded(
                visit=VISIT,
                counters=COUNT,
                opening_hours_total={"type": "number", "minimum": 0},
                opening_hours=WEEK,
                **CONTACT,
            ),
            least=1,
        ),
        "phone_hours": array(
            mapping(
                {
                    "code": CODE,
                    "label": LABEL,
                    "origin": ORIGIN,
                    "days": text(),
                    "intervals": mapping(
                        {}, optional={"weekday": INTERVALS} | dict.fromkeys(DAYS, INTERVALS)
                    ),
                    "hours_per_week": {"type": "number", "minimum": 0},
                }
            ),
            least=1,
        ),
        "facilities": array(
            mapping(
                {
                    "code": CODE,
                    "label": LABEL,
                    "kind": text(40),
                    "origin": ORIGIN,
                    "site": maybe(CODE),
                    "opening_hours": WEEK,
                    "details_origin": ORIGIN,
                }
                | CONTACT
            )
        ),
        "directions": array(_coded(), least=1),
        "departments": array(
            _coded(direction=CODE, target_return_days=POSITIVE, **CONTACT), least=1
        ),
        "teams": array(
            mapping(
                {"code": CODE, "label": LABEL, "direction": CODE, "role": text()} | CONTACT,
                optional=EXTRA | {"agents": COUNT, "initial_agents": COUNT},
            ),
            least=1,
        ),
        "post_types": array(_coded(task=text()), least=1),
        "roles": array(_coded(), least=1),
        "channels": array(
            mapping(
                {"code": CODE, "label": LABEL, "inbound": BOOLEAN, "outbound": BOOLEAN},
                optional=EXTRA | {"technical": BOOLEAN},
            ),
            least=1,
        ),
        "requester_kinds": array(
            mapping({"code": CODE, "label": LABEL}, optional=EXTRA | {"identifier": text()}),
            least=1,
        ),
        "request_states": array(STATE, least=1),
        "state_transitions": open_mapping(
            {"allowed": {"type": "object", "additionalProperties": array(CODE, unique=True)}}
        ),
        "closing_reasons": _wrapped(
            mapping({"code": CODE, "label": LABEL, "positive": BOOLEAN, "decision": BOOLEAN})
        ),
        "authorities": _wrapped(
            mapping({"code": CODE, "label": LABEL, "address": ADDRESS, "email": maybe(EMAIL)})
        ),
        "alert_levels": _wrapped(
            mapping(
                {
                    "code": CODE,
                    "label": LABEL,
                    "share": maybe(SHARE),
                    "days": maybe(POSITIVE),
                    "told": array(one_of(enums.Rung.values), least=1, unique=True),
                    "at_once": BOOLEAN,
                }
            )
        ),
        "complaint_severities": _wrapped(
            mapping({"code": CODE, "label": LABEL, "hint": text(250)})
        ),
        "root_causes": _wrapped(mapping({"code": CODE, "label": LABEL})),
        "service_contracts": mapping(
            {"origin": ORIGIN, "sections": array(text()), "examples": array(CONTRACT)}
        ),
        "closures": array(CLOSURE),
        "payment_methods": _wrapped(
            mapping(
                {"code": one_of(enums.PaymentMethod.values), "label": LABEL},
                optional={"same_as": array(CODE)},
            )
        ),
        "knowledge_base": open_mapping({"articles": array(ARTICLE), "review_months": POSITIVE}),
        "software": open_mapping({"items": array(open_mapping(SOFTWARE))}),
        "template_variables": {"type": "object", "additionalProperties": array(text(80))},
        "templates": array(TEMPLATE, least=1),
        "signatories": array(SIGNATORY, least=1),
    }
)
