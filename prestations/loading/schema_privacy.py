"""JSON schema of privacy.yaml; the meaning of each key is told at the top of that file."""

from prestations import enums
from prestations.loading.shapes import (
    BOOLEAN,
    CODE,
    POSITIVE,
    Schema,
    array,
    mapping,
    maybe,
    one_of,
    text,
)

TERM: Schema = mapping({"months": POSITIVE, "why": text(), "source": text(250)})
PROCESSING: Schema = mapping(
    {
        "code": CODE,
        "label": text(250),
        "holds": one_of(enums.Holds.values),
        "purpose": text(),
        "basis": one_of(enums.LegalBasis.values),
        "basis_source": text(250),
        "data": array(text(250), least=1, unique=True),
        "sensitive": maybe(text()),
        "recipients": array(text(250), unique=True),
        "files": maybe(TERM),
        "kept": maybe(TERM),
        "kept_note": maybe(text()),
        "confirmed": BOOLEAN,
        "prestations": array(CODE, unique=True),
    }
)
PRIVACY: Schema = mapping(
    {
        "schema_version": {"const": 1},
        "language": {"const": "fr"},
        "processings": array(PROCESSING, least=1),
    }
)
