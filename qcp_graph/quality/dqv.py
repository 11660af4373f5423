"""The figures as measurements of the Data Quality Vocabulary (W3C DQV), in the graph."""

from collections.abc import Iterator
from typing import Final

from qcp_graph.iris import Iris
from qcp_graph.namespaces import expand
from qcp_graph.quality.figures import Figures
from qcp_graph.terms import RDF_TYPE, Triple, curie, iri, literal

_DIMENSIONS: Final = ("completeness", "validity", "uniqueness", "timeliness", "consistency")
_DECIMAL: Final = expand("xsd:decimal")
_INTEGER: Final = expand("xsd:integer")


def triples(figures: Figures, iris: Iris) -> Iterator[Triple]:
    """Yield the measurements of a register: each a number, its metric and the dimension."""
    register = iris.register(figures.register)
    for metric, dimension, label, value, datatype in _values(figures):
        node = iri(f"{register}#quality-{metric}")
        about = iri(f"{register}#metric-{metric}")
        yield iri(register), curie("dqv:hasQualityMeasurement"), node
        yield node, RDF_TYPE, curie("dqv:QualityMeasurement")
        yield node, curie("dqv:computedOn"), iri(register)
        yield node, curie("dqv:isMeasurementOf"), about
        yield node, curie("dqv:value"), literal(value, datatype=datatype)
        yield node, curie("dcterms:date"), literal(figures.created, datatype=expand("xsd:dateTime"))
        yield about, RDF_TYPE, curie("dqv:Metric")
        yield about, curie("skos:prefLabel"), literal(label, language="en")
        yield about, curie("dqv:inDimension"), curie(f"qcp:{dimension.capitalize()}")


def _values(figures: Figures) -> Iterator[tuple[str, str, str, str, str]]:
    whole = figures.qualifications
    for one in figures.completeness:
        share = one.stated / whole if whole else 0.0
        label = f"Share of qualifications with {one.property}"
        yield _name(one.property), "completeness", label, f"{share:.4f}", _DECIMAL
    for profile in figures.profiles:
        label = f"Share of records that meet {profile.name} {profile.version}"
        yield profile.name, "validity", label, f"{profile.passed:.4f}", _DECIMAL
    read = figures.read or 1
    withheld = (figures.quarantined + figures.rejected) / read
    told = "Share of records that could not be published"
    yield "withheld", "validity", told, f"{withheld:.4f}", _DECIMAL
    told = "Qualifications with title, level and awarding body of another"
    yield "repeated", "uniqueness", told, str(figures.repeated), _INTEGER
    told = "Days between the delivery and the release"
    yield "age", "timeliness", told, str(figures.age), _INTEGER
    told = "Kinds of problems that records of the register have"
    yield "problems", "consistency", told, str(len(figures.problems)), _INTEGER


def _name(term: str) -> str:
    return term.replace(":", "-")
