"""LOQ XML and AMS XML: the files that the Europass register (QDR) reads, ELM 3.1.

A file has a section per class, and things refer to each other by their IRIs. Sections grow side by
side in files of a folder and are put together in the end, so memory holds the IRIs that were
written, not the things.
"""

import io
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import BinaryIO, Final

from qcp_graph.exports.elm_layout import Form
from qcp_graph.markup import HEAD, safe

_NAMESPACES: Final = (
    'xmlns:skos="http://www.w3.org/2004/02/skos/core#" xmlns:dc="http://purl.org/dc/terms/"'
)
_TARGET: Final = "http://data.europa.eu/snb/model/ap/{}-constraints/"
_ROOTS: Final[Mapping[Form, str]] = {"loq": "Courses", "ams": "Accreditations"}
# The order that the schemas demand.
SECTIONS: Final[Mapping[Form, Sequence[str]]] = {
    "loq": (
        "learningOpportunity", "learningAchievementSpecification", "learningOutcome",
        "learningActivitySpecification", "learningAssessmentSpecification",
        "learningEntitlementSpecification", "agent", "accreditation", "location",
    ),
    "ams": ("accreditation", "agent", "location"),
}  # fmt: skip
_PIECE: Final = 1 << 20


class EuropassFile:
    """A file in the making; ``folder`` is its own and may be deleted afterwards.

    Without a folder sections grow in memory, for a file of one record.
    """

    def __init__(self, form: Form, folder: Path | None = None) -> None:
        self.form = form
        self._folder = folder
        self._open: dict[str, BinaryIO] = {}
        self._written: dict[str, set[str]] = {}
        self._notations: set[str] = set()
        self.count = 0

    def __contains__(self, place: tuple[str, str]) -> bool:
        """Tell whether a thing, by element and IRI, is written."""
        element, iri = place
        return iri in self._written.get(element, ())

    def takes(self, notation: str) -> bool:
        """Tell whether a notation is new; the schema wants each at most once in a file."""
        if notation in self._notations:
            return False
        self._notations.add(notation)
        return True

    def give_back(self, notations: Set[str]) -> None:
        """Forget notations of things that were not written after all."""
        self._notations -= notations

    def add(self, section: str, element: str, iri: str, content: str) -> None:
        """Write a thing into its section."""
        if section not in self._open:
            path = self._folder / f"{section}.xml" if self._folder else None
            self._open[section] = path.open("w+b") if path else io.BytesIO()
        text = f'<{element} id="{_attribute(iri)}">{content}</{element}>\n'
        self._open[section].write(text.encode())
        self._written.setdefault(element, set()).add(iri)
        self.count += 1

    def finish(self) -> Iterator[bytes]:
        """Yield the file; nothing can be added afterwards."""
        root = _ROOTS[self.form]
        target = _TARGET.format(self.form)
        yield f'{HEAD}<{root} xmlns="{target}" {_NAMESPACES} xsdVersion="3.1.0">\n'.encode()
        for section in SECTIONS[self.form]:
            if section not in self._open:
                continue
            yield f"<{section}References>\n".encode()
            stream = self._open[section]
            stream.seek(0)
            while piece := stream.read(_PIECE):
                yield piece
            yield f"</{section}References>\n".encode()
        yield f"</{root}>\n".encode()
        self.close()

    def close(self) -> None:
        """Close the files of the sections."""
        for stream in self._open.values():
            stream.close()


def _attribute(iri: str) -> str:
    return safe(iri).replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
