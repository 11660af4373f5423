"""One mapping that uses every kind of rule, written for tables, JSON and XML."""

import re
from pathlib import Path
from typing import Final

from qcp_graph import mapping, readers
from qcp_graph.mapping import Plan, Tables
from qcp_graph.model.record import SourceRecord
from qcp_graph.model.snapshot import SnapshotFile
from tests.mapping import support

_FILES: Final = {
    "status.csv": "source,target\nActive,qcp:Registered\nEnded,qcp:Expired\n",
    "words.csv": "source,target\nbaker,Bäcker\ncook,Koch\n",
}
_SIDE: Final = "code,name,url\n5,five,https://x.org/5\n6,six,\nActive,seven,no address\n"
_HEAD: Final = """
sources:
  s:
    access: "in.*"
    referenceFormulation: {formulation}
    iterator: "{iterator}"
    key: $(id)
    where: {{value: $(id), not: [SKIP]}}
joins:
  side:
    access: side.csv
    referenceFormulation: csv
    key: $(code)
    on: {{value: $(level), transform: [trim]}}
codelists:
  status: {{file: status.csv, missing: reject}}
  known: {{file: status.csv, missing: drop}}
  words: {{file: words.csv, missing: keep, casefold: true}}
  lv: {{levels: fr-cncp}}
  eqf: {{levels: fr-cncp, to: eqf}}
ignore: {{flag: of no interest}}
let:
  note: {{value: $(note), transform: [html_text, squeeze], default: {{value: none}}}}
  name: {{value: $({owner}), transform: [clean_name], default: $(id)}}
mappings:
  q:
    sources: s
    main: true
    subjects: qualification:$(id)
    predicateobjects:
      - [a, elm:Qualification]
      - [dcterms:title, $({fr}), fr~lang]
      - p: [skos:prefLabel, rov:legalName]
        o: [[$({en}), en~lang], {{value: $({fr}), language: $(lang)}}]
      - [qcp:validFrom, $(date), xsd:date]
      - [elm:d, $(date), xsd:dateTime]
      - [elm:n, $(hours), xsd:decimal]
      - [elm:n, $(credits), xsd:integer]
      - [elm:b, $(flag), xsd:boolean]
      - [elm:u, $(url), xsd:anyURI]
      - [elm:g, $(date), xsd:gYear]
      - [elm:x, $(lang), xsd:language]
      - [elm:x, $(hours), xsd:double]
      - [elm:x, $(hours), xsd:duration]
      - [foaf:page, $(url)~iri]
      - [elm:i, "http://$(lang)/x/$(status)~iri"]
      - {{p: elm:i, o: {{value: "http://$({en})/y?$(note)", type: iri, raw: true}}}}
      - {{p: elm:i, o: {{value: $(url), transform: [url_fix], type: iri}}}}
      - [dcterms:description, "$({fr}) – $(let:note)"]
      - {{p: dcterms:description, o: $(let:note), graph: provenance}}
      - {{p: elm:s, o: {{value: $(status), lookup: status, type: iri}}}}
      - {{p: elm:s, o: {{value: $(lang), lookup: known, type: iri}}}}
      - {{p: elm:w, o: {{value: $({en}), lookup: words}}}}
      - {{p: elm:level, o: {{value: $(level), transform: [level_number], lookup: lv}}}}
      - p: elm:NQFLevel            # a level that no shape knows: the record is quarantined
        when: {{value: $(credits), equals: 60}}
        o: {{value: $(level), lookup: lv}}
      - {{p: elm:EQFLevel, o: {{value: $(level), lookup: eqf}}}}
      - {{p: elm:j, o: {{value: "$(join:side/name) $(join:side/url)"}}}}
      - {{p: elm:j, o: {{value: $(join:side/url), type: iri}}}}
      - {{p: elm:h, o: {{mapping: item}}}}
      - {{p: elm:o, o: {{mapping: owner}}}}
      - {{p: elm:r, o: {{value: $({fr}), transform: [squeeze], default: $({en}), required: true}}}}
      - p: elm:f
        when:
          any: [{{value: $(flag), in: ["true", "1"]}}, {{not: {{value: $(note), exists: true}}}}]
        o: {{value: $(note), when: {{value: $(hours), matches: "^[0-9]"}}}}
{functions}
{language_map}
  item:
    foreach: {items}
    let: {{n: {{value: "{item}", transform: [hash8]}}}}
    subjects: outcome:$(^id)/$(let:n)-$(@index)
    predicateobjects:
      - [a, elm:LearningOutcome]
      - [dcterms:title, "{item}", fr~lang]
      - [elm:up, $(^status)]
  piece:
    within: item
    subjects: "outcome:$(^^id)/{up}/$(.)"
    foreach: {{value: "{item}", transform: [split_lines, bullets, unique]}}
    predicateobjects: [[elm:t, $(.)], [elm:t, "{up}"]]
  owner:
    shared: true
    subjects: organisation:$(let:name)
    predicateobjects: [[rov:legalName, $({owner}), fr~lang], [foaf:homepage, $(url)~iri]]
  row:
    foreach: join:side
    subjects: qualification:$(^id)#row-$(@index)
    predicateobjects: [[elm:t, $(name)], [elm:t, $(^lang)]]
"""
_FUNCTIONS: Final = (
    "bullets", "capital", "clean_name", '{extract: "^(.)"}', "lower", "normalise_unicode",
    "{pad: 8}", '{prefix: "p "}', '{remove_suffix: ["x"]}',
    '{replace: {pattern: "[a-z]+", by: "-"}}',
    '{split: ";"}', "split_lines", '{strip_prefix: ["a"]}', "{substring: {start: 2, length: 5}}",
    '{suffix: " s"}', "trim", "uncapital", "upper", "{drop: [x]}", "first", "{join: '; '}",
    '{keep_if: "^[A-Z]"}', "last", "unique", "html_items", "html_list", "html_text", "date_dmy",
    "date_epoch_ms", "date_iso", "date_mdy", "{duration: months}", "duration_hours", "year",
    "year_end", "year_start", "{boolean: {true: [oui], false: [non]}}", "decimal", "integer",
    "level_number", "hash8", "language_tag", "qan", "slug", "url_fix",
)  # fmt: skip
_FIELDS: Final = ("note", "date", "hours", "url", "level", "lang", "status", "credits")


def text(formulation: str, iterator: str, *, nested: str = "") -> str:
    """Return the mapping; ``nested`` is what joins the steps of a path, "" in tables."""
    functions = "\n".join(
        f"      - {{p: elm:fn, o: {{value: $({_FIELDS[n % len(_FIELDS)]}), transform: [{name}]}}}}"
        for n, name in enumerate(_FUNCTIONS)
    )
    names = {
        "fr": f"title{nested}fr" if nested else "title_fr",
        "en": f"title{nested}en" if nested else "title_en",
        "owner": f"owner{nested}name" if nested else "owner",
        "items": "items" if nested else '{value: $(items), transform: [{split: ";"}]}',
        "item": "$(text)" if nested else "$(.)",
        "up": "$(^code)" if nested else "$(^.)",
        "language_map": (
            "      - {p: elm:m, o: {languageMap: $(title), transform: [html_items]}}"
            if nested == "."
            else ""
        ),
    }
    return _HEAD.format(formulation=formulation, iterator=iterator, functions=functions, **names)


_FIELD: Final = re.compile(
    r"\$\((\^*)(?=(?:id|date|hours|credits|level|status|url|lang|note|items|flag|code|text)\))"
)


def rdf_text(iterator: str) -> str:
    """Return the mapping for RDF, where fields are properties with a prefix."""
    written = text("rdf", iterator, nested="/")
    for path, name in (
        ("title/fr", "ex:title@fr"),
        ("title/en", "ex:title@en"),
        ("owner/name", "ex:owner/ex:name"),
        ("foreach: items", "foreach: ex:items"),
        ("flag: of no", "ex:flag: of no"),
    ):
        written = written.replace(path, name)
    written = _FIELD.sub(r"$(\1ex:", written)
    # Rows of the side table keep their column names.
    written = written.replace("key: $(ex:code)", "key: $(code)")
    return 'prefixes: {ex: "http://ex.org/"}\n' + written


def load(folder: Path, written: str) -> tuple[Plan, Tables]:
    """Return the plan, and its side tables filled."""
    folder.mkdir(parents=True, exist_ok=True)
    plan = support.load(folder, written, _FILES)
    path = folder / "side.csv"
    path.write_text(_SIDE, encoding="utf-8")
    file = SnapshotFile("side.csv", path, path.stat().st_size, "")
    tables = mapping.Tables(plan, folder)
    for table in plan.side_tables:
        rows = readers.read(table, file, max_record_bytes=10_000)
        tables.fill(table.name, (row for row in rows if isinstance(row, SourceRecord)))
    return plan, tables
