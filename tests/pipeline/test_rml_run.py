"""Running an RML mapping: files only where permitted, targets whole or not at all."""

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

import pyoxigraph as ox
import pytest

from qcp_graph.errors import DataError, UsageError
from qcp_graph.pipeline import rml_files, rml_run
from tests.mapping.rml.support import one, run, source, write

CSV = "id,name\n1,a\n2,b\n"
MAPPING = one("CSV", 'rml:reference "name"')


def _target(form: str, path: str, extra: str = "") -> str:
    return (
        f'<#T> rml:target [ a rml:FilePath; rml:root rml:MappingDirectory; rml:path "{path}" ]; '
        f"rml:serialization <http://www.w3.org/ns/formats/{form}> {extra} ."
    )


def _to(target: str) -> str:
    subject = 'rml:subjectMap [ rml:template "s/{id}"'
    return MAPPING.replace(subject, f"{subject}; rml:logicalTarget <#T>") + target


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with something beside it that is nobody's business."""
    (tmp_path / "secret.csv").write_text(CSV, encoding="utf-8")
    inner = tmp_path / "mapping"
    inner.mkdir()
    return inner


@pytest.mark.parametrize("path", ["../secret.csv", "{}/secret.csv", "x/../../secret.csv"])
def test_files_outside_are_not_read(folder: Path, path: str) -> None:
    mapping = MAPPING.replace("a.csv", path.format(folder.parent))
    with pytest.raises(UsageError, match="outside of the folder"):
        run(folder, mapping, {})
    assert len(run(folder, mapping, {}, allowed=(folder.parent,)).lines) == 2


def test_links_lead_nowhere_else(folder: Path) -> None:
    (folder / "a.csv").symlink_to(folder.parent / "secret.csv")
    with pytest.raises(UsageError, match="outside of the folder"):
        run(folder, MAPPING, {})


@pytest.mark.parametrize("path", ["http://127.0.0.1/a.csv", "file:///etc/passwd", "a\\u0000b"])
def test_addresses_are_not_fetched(folder: Path, path: str) -> None:
    with pytest.raises(UsageError, match="QCP-RML-SOURCE"):
        run(folder, MAPPING.replace("a.csv", path), {})


def test_a_missing_file_is_named_before_anything_is_written(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"There is no file 'a\.csv'"):
        run(folder, MAPPING, {})
    assert sorted(path.name for path in folder.iterdir()) == ["mapping.ttl"]


def test_where_files_are_looked_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The original RML does not say where: beside the mapping, then in the current folder."""
    (folder / "a.csv").write_text(CSV, encoding="utf-8")
    (folder / "here").mkdir()
    monkeypatch.chdir(folder / "here")
    old = """<#A> rmlo:logicalSource [ rmlo:source "a.csv"; rmlo:referenceFormulation ql:CSV ];
      rr:subjectMap [ rr:template "s/{id}"; rr:class ex:C ] ."""
    assert len(run(folder, old, {}).lines) == 2
    (folder / "here" / "b.csv").write_text(CSV, encoding="utf-8")
    assert len(run(folder, old.replace("a.csv", "b.csv"), {}).lines) == 2
    new = MAPPING.replace("rml:root rml:MappingDirectory;", "")
    with pytest.raises(UsageError, match="One lies beside the mapping"):
        run(folder, new, {})
    assert len(run(folder, new.replace("a.csv", "b.csv"), {}).lines) == 2


def test_targets_stay_inside_and_overwrite_nothing(folder: Path) -> None:
    with pytest.raises(UsageError, match="outside of the folder"):
        run(folder, _to(_target("N-Quads", "../t.nq")), {"a.csv": CSV})
    files = {"a.csv": CSV, "t.nq": "precious"}
    with pytest.raises(UsageError, match="exists already"):
        run(folder, _to(_target("N-Quads", "t.nq")), files)
    assert (folder / "t.nq").read_text(encoding="utf-8") == "precious"
    made = run(folder, _to(_target("N-Quads", "t.nq")), files, force=True)
    assert made.lines == []
    assert len((folder / "t.nq").read_text(encoding="utf-8").splitlines()) == 2
    assert list(made.report.written.values()) == [0, 2]


@pytest.mark.parametrize(
    ("name", "form", "ending"),
    [
        ("Turtle", ox.RdfFormat.TURTLE, "ttl"), ("RDF_XML", ox.RdfFormat.RDF_XML, "rdf"),
        ("JSON-LD", ox.RdfFormat.JSON_LD, "jsonld"), ("N-Triples", ox.RdfFormat.N_TRIPLES, "nt"),
        ("TriG", ox.RdfFormat.TRIG, "trig"), ("N3", ox.RdfFormat.N3, "n3"),
    ],
)  # fmt: skip
def test_every_form_holds_the_same(
    folder: Path, name: str, form: ox.RdfFormat, ending: str
) -> None:
    path = f"t.{ending}"
    run(folder, _to(_target(name, path)), {"a.csv": CSV})
    found = {str(quad.triple) for quad in ox.parse((folder / path).read_bytes(), format=form)}
    assert found == {
        f'<http://base.org/s/{n}> <http://ex.org/p> "{t}"' for n, t in ((1, "a"), (2, "b"))
    }
    assert sorted(p.name for p in folder.iterdir()) == ["a.csv", "mapping.ttl", "out.nq", path]


def test_named_graphs_go_into_no_form_without_them(folder: Path) -> None:
    mapping = _to(_target("Turtle", "t.ttl")).replace(
        "rml:predicate ex:p;", "rml:predicate ex:p; rml:graph ex:g;"
    )
    with pytest.raises(UsageError, match=r"cannot hold the named graph <http://ex\.org/g>"):
        run(folder, mapping, {"a.csv": CSV})
    assert sorted(path.name for path in folder.iterdir()) == ["a.csv", "mapping.ttl"]


def test_encodings_and_compressions_of_targets(folder: Path) -> None:
    run(folder, _to(_target("N-Quads", "t.nq", "; rml:encoding rml:UTF-16")), {"a.csv": CSV})
    assert len((folder / "t.nq").read_text(encoding="utf-16").splitlines()) == 2
    run(folder, _to(_target("N-Quads", "t.nq.gz", "; rml:compression rml:gzip")), {"a.csv": CSV})
    assert len(gzip.decompress((folder / "t.nq.gz").read_bytes()).splitlines()) == 2
    run(folder, _to(_target("Turtle", "t.ttl.zip", "; rml:compression rml:zip")), {"a.csv": CSV})
    with zipfile.ZipFile(folder / "t.ttl.zip") as archive:
        assert archive.namelist() == ["t.ttl"]


def _archive(names: list[str], content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return out.getvalue()


def _compressed(kind: str) -> str:
    return MAPPING.replace('rml:path "a.csv"', f'rml:path "a.bin"; rml:compression rml:{kind}')


def test_archives_are_unpacked_within_bounds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one_file = {"a.bin": _archive(["../../evil.csv"], CSV.encode())}
    assert len(run(folder, _compressed("zip"), one_file).lines) == 2
    with pytest.raises(DataError, match="holds 2 files"):
        run(folder, _compressed("zip"), {"a.bin": _archive(["a", "b"], b"")})
    with pytest.raises(DataError, match="is damaged"):
        run(folder, _compressed("tarxz"), {"a.bin": b"no archive"})
    monkeypatch.setattr(rml_files, "RATIO_FLOOR", 1000)
    bomb = {"a.bin": _archive(["a.csv"], CSV.encode() + b"3,x\n" * 500_000)}
    with pytest.raises(DataError, match="far more than its size allows"):
        run(folder, _compressed("zip"), bomb)


def test_a_link_in_a_tar_is_no_file(folder: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        link = tarfile.TarInfo("a.csv")
        link.type = tarfile.SYMTYPE
        link.linkname = "/etc/passwd"
        archive.addfile(link)
    with pytest.raises(DataError, match="holds 0 files"):
        run(folder, _compressed("targz"), {"a.bin": out.getvalue()})


def test_strict_writes_nothing_when_something_is_wrong(folder: Path) -> None:
    mapping = one("CSV", 'rml:reference "name"; rml:datatype xsd:integer')
    files = {"a.csv": "id,name\n1,1\n2,x\n"}
    assert len(run(folder, mapping, files).lines) == 1
    (folder / "out.nq").unlink()
    with pytest.raises(DataError, match="1 violations"):
        run(folder, mapping, files, strict=True)
    assert not (folder / "out.nq").exists()


def test_an_unknown_column_is_an_error_and_leaves_nothing(folder: Path) -> None:
    with pytest.raises(UsageError, match="Did you mean 'name'"):
        run(folder, MAPPING.replace('"name"', '"nmae"'), {"a.csv": CSV})
    assert not (folder / "out.nq").exists()


def test_a_broken_record_costs_only_itself(folder: Path) -> None:
    made = run(folder, MAPPING, {"a.csv": "id,name\n1,a\n2,b,c,d\n3,c\n"})
    assert len(made.lines) == 2
    assert (made.report.records, made.report.violations) == (3, 1)


def test_an_unknown_ending_is_named(folder: Path) -> None:
    path = write(folder, MAPPING, {"a.csv": CSV})
    with pytest.raises(UsageError, match="names no form of RDF"):
        rml_run.run(path, rml_run.Options(folder / "out.xls"), lambda issue: None)


def test_joins_across_files_keep_little_in_memory(folder: Path) -> None:
    """Ten thousand parents, found by key in whichever order."""
    mapping = f"""
    <#A> {source("a.csv", "CSV")}; rml:subjectMap [ rml:template "a/{{id}}" ];
      rml:predicateObjectMap [ rml:predicate ex:p; rml:objectMap [ rml:parentTriplesMap <#B>;
        rml:joinCondition [ rml:child "name"; rml:parent "$.key" ] ] ] .
    <#B> {source("b.json", "JSONPath", "$[*]")}; rml:subjectMap [ rml:template "b/{{n}}" ] .
    """
    parents = json.dumps([{"n": n, "key": f"k{n % 5000}"} for n in range(10_000)])
    children = "id,name\n" + "".join(f"{n},k{4999 - n}\n" for n in range(5000))
    made = run(folder, mapping, {"a.csv": children, "b.json": parents})
    assert len(made.lines) == 10_000
    assert "<http://base.org/a/0> <http://ex.org/p> <http://base.org/b/9999> ." in made.lines
