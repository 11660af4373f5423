"""What an official release of ESCO states, row by row, whatever file it came from."""

from typing import Literal, NamedTuple, TypeAlias

Kind = Literal["skill", "skill-group", "occupation", "isco-group", "scheme"]
TextKind = Literal["preferred", "alternative", "hidden", "description", "definition", "scope"]
RelationKind = Literal["broader", "essential", "optional", "replaced-by", "member", "in-scheme"]


class Concept(NamedTuple):
    """A skill, an occupation or a group of either; empty texts where a release does not say.

    ``skill_type`` and ``reuse_level`` are the last parts of ESCO's IRIs (``knowledge``,
    ``cross-sector``); ``code`` a notation (``S1.2``, ``7112.1``, ISCO ``7112``).
    """

    uri: str
    kind: Kind
    code: str = ""
    skill_type: str = ""
    reuse_level: str = ""
    status: str = ""
    modified: str = ""


class Text(NamedTuple):
    """A label or a description in a language."""

    uri: str
    language: str
    kind: TextKind
    value: str


class Relation(NamedTuple):
    """A statement between two concepts.

    ``essential`` and ``optional`` lead from an occupation or a skill to the skill it asks for,
    ``broader`` from a concept to its group, ``member`` from a concept to a collection,
    ``replaced-by`` from an obsolete concept to its successor.
    """

    subject: str
    kind: RelationKind
    object: str


class Problem(NamedTuple):
    """A row that could not be used: file, line (from 1), and why."""

    file: str
    line: int
    message: str


Row: TypeAlias = Concept | Text | Relation | Problem
