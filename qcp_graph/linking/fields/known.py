"""What a training reads from the operator's files."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from qcp_graph.linking import esco
from qcp_graph.linking.fields import crosswalks, examples
from qcp_graph.linking.fields.builtin import vocabulary_labels
from qcp_graph.linking.fields.examples import Collection


def known_terms(
    home: Path, workspace: Path | None, language: str, mappings: Sequence[Path] = (),
    formacode: Path | None = None,
) -> list[Collection]:  # fmt: skip
    """Return the labelled terms of a language: our own, ESCO's, and those of the files given."""
    walks = crosswalks.load(workspace)
    own = [one for one in examples.terms(workspace).examples if one.language == language]
    own += [one for one in vocabulary_labels() if one.language == language]
    found = [Collection("terms", own)]
    with ExitStack() as stack:
        opened = [
            stack.enter_context(esco.open_version(home, one))
            for one in sorted(esco.versions(home), key=lambda v: [int(n) for n in v.split(".")])
        ]
        names = list(examples.occupations(opened, walks["isco-08"], [language]).examples)
        groups = examples.isco_groups(opened)
        for path in mappings:
            names += examples.national_occupations(path, groups, walks["isco-08"])
        found.append(Collection("occupations", names))
        found.append(examples.knowledge(opened, [language]))
    if formacode is not None:
        subjects = examples.formacode(formacode)
        through = examples.through(subjects, walks["nsf"])
        found.append(Collection("subjects", [*own, *through]))
        found.append(Collection("nsf", subjects, isced=False))
    return [one for one in found if one.examples]
