"""The words of RML, old and new, told apart and brought to one form.

The original RML builds on R2RML (``rr:``) and has its own words in three more namespaces; the new
one (RML-Core, RML-IO, RML-FNML) has all in one. Both are read as the new one.
"""

from collections.abc import Mapping
from typing import Final

RML: Final = "http://w3id.org/rml/"
R2RML: Final = "http://www.w3.org/ns/r2rml#"
OLD_RML: Final = "http://semweb.mmlab.be/ns/rml#"
QL: Final = "http://semweb.mmlab.be/ns/ql#"
FNML: Final = "http://semweb.mmlab.be/ns/fnml#"
FNO: Final = "https://w3id.org/function/ontology#"
CSVW: Final = "http://www.w3.org/ns/csvw#"
D2RQ: Final = "http://www.wiwiss.fu-berlin.de/suhl/bizer/D2RQ/0.1#"
FORMATS: Final = "http://www.w3.org/ns/formats/"
OURS: Final = "https://w3id.org/qcp-graph/rml#"
SEE: Final = "docs/rml.md explains what is supported."
OLD: Final = (R2RML, OLD_RML, QL, FNML)
DEFAULT_GRAPH: Final = RML + "defaultGraph"

_RENAMED: Final[Mapping[str, str]] = {
    R2RML + "column": RML + "reference",
    R2RML + "logicalTable": RML + "logicalSource",
    R2RML + "tableName": RML + "table",
    OLD_RML + "query": RML + "iterator",
    R2RML + "sqlQuery": RML + "iterator",
}

# Every property that we understand or knowingly pass over, without its namespace.
PROPERTIES: Final = frozenset((
    "logicalSource", "source", "referenceFormulation", "iterator", "table", "subjectMap",
    "subject", "class", "graphMap", "graph", "predicateObjectMap", "predicateMap", "predicate",
    "objectMap", "object", "constant", "template", "reference", "termType", "language",
    "languageMap", "datatype", "datatypeMap", "parentTriplesMap", "joinCondition", "child",
    "parent", "childMap", "parentMap", "baseIRI", "root", "path", "encoding", "compression",
    "null", "namespace", "namespacePrefix", "namespaceURL", "logicalTarget", "target",
    "serialization", "mode", "functionExecution", "function", "input", "parameter",
    "parameterMap", "inputValue", "inputValueMap", "return", "returnMap", "condition",
    "functionMap", "functionValue", "sqlVersion", "inverseExpression", "strategy",
))  # fmt: skip


def canonical(iri: str) -> str:
    """Return a word of the original RML as the new RML writes it; others stay.

    >>> canonical("http://www.w3.org/ns/r2rml#template")
    'http://w3id.org/rml/template'
    """
    if iri in _RENAMED:
        return _RENAMED[iri]
    for namespace in OLD:
        if iri.startswith(namespace):
            return RML + iri[len(namespace) :]
    return iri


def is_old(iri: str) -> bool:
    """Tell whether a word is one of the original RML."""
    return iri.startswith(OLD)


def local(iri: str) -> str:
    """Return the last part of an IRI: how a message names it.

    >>> local("http://example.com/base/TriplesMap1"), local("urn:x")
    ('TriplesMap1', 'x')
    """
    for sign in "#/:":
        if sign in iri.rstrip(sign):
            return iri.rstrip(sign).rsplit(sign, 1)[1]
    return iri
