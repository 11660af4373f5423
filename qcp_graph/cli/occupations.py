"""``qcp occupations``: national classifications of occupations, and what ESCO asks of each."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qcp_graph.cli.context import Common, common_options, pass_common
from qcp_graph.cli.output import fields, note, rows

if TYPE_CHECKING:
    from qcp_graph.linking.esco import Catalogue
    from qcp_graph.linking.occupations import Mapped

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_COLUMNS = (
    ("relation", "relation"), ("occupation", "occupation"), ("label", "label"),
    ("essential", "essential skills"), ("optional", "optional skills"),
)  # fmt: skip


@click.group("occupations")
@common_options
def command() -> None:
    """Link the occupations that registers state to those of ESCO.

    ESCO's portal publishes mappings of national classifications
    (https://esco.ec.europa.eu/en/use-esco/eures-countries-mapping-tables). Import one under the
    name by which registers state the classification; builds then link its codes.

    \b
    qcp occupations import FR_mapping_esco_rome.csv --scheme rome --classification rome.csv
    qcp occupations list
    qcp occupations show rome D1102 --skills
    """


@command.command("import")
@click.argument("mapping", type=FILE)
@click.option("--scheme", required=True, help="Name of the classification in IRIs, such as rome.")
@click.option("--classification", type=FILE,
              help="The classification itself (CSV: code, label, parent), where registers state "
                   "other codes than the mapping: groups, or newer numbers.")  # fmt: skip
@common_options
@pass_common
def import_(common: Common, mapping: Path, scheme: str, classification: Path | None) -> None:
    """Import a mapping of ESCO's portal (CSV) into the home folder.

    Exact occupations are accepted as links, all others wait in the review.

    \b
    qcp occupations import FR_mapping_esco_rome.csv --scheme rome --classification rome.csv
    """
    from qcp_graph.linking import occupations

    walk = occupations.read(mapping)
    if classification is not None:
        walk = occupations.regrouped(walk, occupations.entries(classification))
    else:
        walk = occupations.prefixes(walk)
    path = occupations.keep(walk, scheme, common.settings.home)
    fields(common.form, {"classification": walk.name, "kept in": str(path), **_counts(walk.table)})


@command.command("list")
@common_options
@pass_common
def list_(common: Common) -> None:
    """List the classifications that were imported.

    \b
    qcp occupations list
    """
    from qcp_graph.linking.occupations import Occupations

    known = Occupations(common.settings.home).crosswalks
    rows(
        common.form,
        [
            {"scheme": scheme, "name": walk.name, "esco": walk.version, **_counts(walk.table)}
            for scheme, walk in known.items()
        ],
        [("scheme", "scheme"), ("name", "classification"), ("esco", "ESCO"), ("codes", "codes"),
         ("exact", "with an exact occupation")],
        "No mapping was imported; see `qcp occupations import --help`.",
    )  # fmt: skip


@command.command("show")
@click.argument("scheme")
@click.argument("code")
@click.option("--name", default="", help="The occupation's name, where the code is a group's too.")
@click.option("--skills", is_flag=True, help="Name the skills, not only their number.")
@click.option("--esco", "version", default="", help="Version of ESCO; the newest otherwise.")
@click.option("--language", default="en", show_default=True, help="Language of the skills' names.")
@common_options
@pass_common
def show(
    common: Common, scheme: str, code: str, name: str, skills: bool, version: str, language: str
) -> None:
    """Say which occupations of ESCO a code means, and which skills each of them asks for.

    \b
    qcp occupations show rome D1102 --skills
    """
    from qcp_graph.linking import esco
    from qcp_graph.linking.occupations import Occupations, Stated

    opened = Occupations(common.settings.home)
    if scheme not in opened.crosswalks:
        note(f"No mapping of {scheme!r} was imported; see `qcp occupations import --help`.")
    found = opened.of(Stated(scheme, code, name))
    wanted = version or next(iter(esco.versions(common.settings.home)[::-1]), "")
    if not wanted:
        rows(common.form, [_row(one) for one in found], _COLUMNS[:3], "No occupation is known.")
        return
    with esco.open_version(common.settings.home, wanted) as catalogue:
        told = list(_told(catalogue, found, language if skills else ""))
    rows(common.form, told, _COLUMNS, "No occupation is known.")


def _counts(table: "Mapping[str, Sequence[Mapped]]") -> dict[str, object]:
    codes = {code: some for code, some in table.items() if "\t" not in code}
    exact = sum(any(one.match == "exactMatch" for one in some) for some in codes.values())
    return {"codes": len(codes), "exact": exact}


def _row(one: "Mapped") -> dict[str, object]:
    return {"relation": one.match, "occupation": one.occupation, "label": one.label}


def _told(
    catalogue: "Catalogue", found: "Sequence[Mapped]", language: str
) -> Iterator[dict[str, object]]:
    """Yield occupations with the number of skills they ask for, or with names in a language."""
    from qcp_graph.linking.occupations import requirements

    asked = requirements(catalogue, [one.occupation for one in found])
    for one in found:
        row = _row(one)
        needs = asked.get(one.occupation)
        for kind, skills in (
            ("essential", needs.essential if needs else frozenset()),
            ("optional", needs.optional if needs else frozenset()),
        ):
            names = sorted(catalogue.preferred(uri, language) or uri for uri in skills if language)
            row[kind] = "; ".join(names) if language else len(skills)
        yield row
