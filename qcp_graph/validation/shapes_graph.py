"""A shapes graph as triples: read from Turtle files, looked up while compiling."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import pyoxigraph

from qcp_graph import terms
from qcp_graph.errors import UsageError
from qcp_graph.validation import patches as patching
from qcp_graph.validation.graph import index

MAX_BYTES: Final = 32 * 1024**2
"""Largest shapes file; the largest official one (ELM 3.3 with 30 languages) has 2 MB."""
MAX_MEMBERS: Final = 100_000
"""Longest list; sh:in with a whole authority table has some 8,000 members."""
_IMPORTS: Final = terms.curie("owl:imports")
FIRST: Final = terms.curie("rdf:first")
REST: Final = terms.curie("rdf:rest")
NIL: Final = terms.curie("rdf:nil")


def read_turtle(path: Path) -> tuple[list[terms.Triple], bytes]:
    """Return the triples of a Turtle file and its bytes; relative IRIs start at the file itself.

    :raises UsageError: when it cannot be read, is too large or no Turtle.
    """
    try:
        if path.exists() and not path.is_file():
            raise ValueError("it is a folder, a pipe or a device")
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise ValueError(f"it is larger than {MAX_BYTES // 1024**2} MiB")
        quads = pyoxigraph.parse(
            data, format=pyoxigraph.RdfFormat.TURTLE, base_iri=path.resolve().as_uri()
        )
        found = [
            (terms.term_of(q.subject), terms.term_of(q.predicate), terms.term_of(q.object))
            for q in quads
        ]
    except (OSError, SyntaxError, ValueError, MemoryError) as error:
        # The parser says MemoryError of a name or text that is longer than 16 MiB.
        raise UsageError(
            "QCP-VAL-SHAPES-FILE",
            f"The shapes file cannot be read: {error}",
            where=str(path),
            remedy="Correct the file; it must be Turtle in UTF-8.",
        ) from error
    return found, data


class ShapesGraph:
    """The triples of all given shapes files; values keep the order of the files.

    ``owl:imports`` is not followed: what is imported is named by the caller, so that a validation
    never depends on the network.
    """

    def __init__(
        self, triples: Iterable[terms.Triple], *, digest: str = "", where: str = ""
    ) -> None:
        self.subjects: Mapping[str, Mapping[str, Sequence[str]]] = index(triples)
        self.digest = digest
        self.where = where

    @classmethod
    def read(cls, paths: Sequence[Path], patches: Sequence[Path] = ()) -> "ShapesGraph":
        """Read Turtle files as one graph, with the corrections of patch files.

        :raises UsageError: for a file that cannot be read, or a patch that does not fit.
        """
        digest = hashlib.sha256()
        found: list[terms.Triple] = []
        for number, path in enumerate(paths):
            triples, data = read_turtle(path)
            digest.update(b"%d:" % len(data) + data)
            # Labels of blank nodes are local to a file.
            mark = f"_:f{number}x"
            found.extend((_local(s, mark), p, _local(o, mark)) for s, p, o in triples)
        where = ", ".join(str(path) for path in paths)
        for number, path in enumerate(patches):
            triples, data = read_turtle(path)
            digest.update(b"patch %d:" % len(data) + data)
            own = [
                (_local(s, f"_:p{number}x"), p, _local(o, f"_:p{number}x")) for s, p, o in triples
            ]
            found = patching.apply(found, patching.read_patches(own, path), where)
        return cls(found, digest=digest.hexdigest(), where=where)

    def imports(self) -> list[str]:
        """Return the IRIs that the files import and that none of them describes, sorted."""
        wanted = {v for node in self.subjects for v in self.values(node, _IMPORTS)}
        return sorted(wanted - self.subjects.keys())

    def triples(self) -> Iterator[terms.Triple]:
        """Yield all triples."""
        for subject, properties in self.subjects.items():
            for predicate, values in properties.items():
                yield from ((subject, predicate, value) for value in values)

    def values(self, node: str, predicate: str) -> Sequence[str]:
        """Return the values of a property of a node."""
        return self.subjects.get(node, {}).get(predicate, ())

    def one(self, node: str, predicate: str) -> str:
        """Return the only value of a property, or "" when there is none.

        :raises UsageError: when there are several.
        """
        values = self.values(node, predicate)
        if len(values) > 1:
            raise self.ill_formed(node, f"{predicate} may be given once, not {len(values)} times")
        return values[0] if values else ""

    def members(self, node: str, owner: str) -> list[str]:
        """Return the members of an RDF list.

        :raises UsageError: when it is no list, is circular or too long.
        """
        return list(self._members(node, owner))

    def _members(self, node: str, owner: str) -> Iterator[str]:
        seen: set[str] = set()
        while node != NIL:
            firsts, rests = self.values(node, FIRST), self.values(node, REST)
            if len(seen) >= MAX_MEMBERS:
                raise self.ill_formed(owner, f"a list has more than {MAX_MEMBERS} members")
            if len(firsts) != 1 or len(rests) != 1 or node in seen:
                raise self.ill_formed(owner, f"{_short(node)} is not a well-formed list")
            seen.add(node)
            yield firsts[0]
            node = rests[0]

    def ill_formed(self, node: str, problem: str) -> UsageError:
        """Return the error for a shape that breaks the syntax rules of SHACL."""
        return UsageError(
            "QCP-VAL-SHAPES-SYNTAX",
            f"The shape {_short(node)} is not well-formed: {problem}.",
            where=self.where,
            remedy="Correct the shapes file; the rules are in appendix A of the SHACL standard.",
        )


def _short(node: str) -> str:
    return "(without a name)" if node.startswith("_:") else node[:200]


def _local(term: str, mark: str) -> str:
    return mark + term[2:] if term.startswith("_:") else term
