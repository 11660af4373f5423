"""The classifier that needs nothing of the operator: our terms and the vocabulary's labels."""

import csv
from functools import lru_cache
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from qcp_graph import assets
from qcp_graph.linking.fields import training
from qcp_graph.linking.fields.examples import Collection, Example, terms
from qcp_graph.linking.fields.model import FieldModel

VOCABULARY: Final = Path("ontology") / "vocabularies" / "isced-f.ttl"
_LABEL: Final = ox.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
_FIELD: Final = "http://data.europa.eu/snb/isced-f/"
_MEASURED: Final = Path("data") / "fields" / "measured.csv"


@lru_cache(maxsize=2)
def builtin(workspace: Path | None = None) -> FieldModel:
    """Make the built-in classifier, in a second or two.

    :func:`~qcp_graph.linking.fields.keeping.builtin_kept` keeps it for other processes. Its
    probabilities are calibrated by what was measured once (``data/fields/measured.csv``).
    """
    collection = terms(workspace)
    model = training.train([], [Collection("terms", [*collection.examples, *vocabulary_labels()])])
    return training.calibrated(model, measured())


def vocabulary_labels() -> list[Example]:
    """Return the labels of the detailed fields of ISCED-F in every language the vocabulary has.

    Those "not further defined" and "not elsewhere classified" name no subject and are left out.
    """
    path = assets.root() / VOCABULARY
    found = []
    with path.open("rb") as file:
        for quad in ox.parse(file, ox.RdfFormat.TURTLE):
            subject, value = quad.subject, quad.object
            if quad.predicate != _LABEL or not isinstance(subject, ox.NamedNode):
                continue
            code = subject.value.removeprefix(_FIELD)
            if not isinstance(value, ox.Literal) or not (len(code) == 4 and code.isdigit()):
                continue
            if code[-1] not in "089" or code in ("0988",):
                found.append(Example(value.value, (code,), value.language or ""))
    return sorted(found)


@lru_cache(maxsize=1)
def measured() -> tuple[dict[str, str], ...]:
    """Return what was measured of the built-in classifier: level, slope, intercept, threshold."""
    path = assets.root() / _MEASURED
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
