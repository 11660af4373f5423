"""The event stream as ldes-client (npm, by others) reads it: the replica is the dump.

Needs ``npm install -g ldes-client``, or its program in QCP_LDES_CLIENT.
"""

import gzip
import os
import shutil
import subprocess

import pyoxigraph as ox
import pytest

from qcp_graph.namespaces import expand
from tests.feeds.conftest import Site

PROGRAM = os.environ.get("QCP_LDES_CLIENT") or shutil.which("ldes-client")


@pytest.mark.skipif(PROGRAM is None, reason="ldes-client is not installed (npm)")
@pytest.mark.parametrize("options", [[], ["--last-version-only"]])
@pytest.mark.parametrize("path", ["feed/ldes", "feed/ldes/ee-mini"])
def test_an_independent_client_reads_everything(site: Site, path: str, options: list[str]) -> None:
    assert PROGRAM is not None
    done = subprocess.run(
        [PROGRAM, site.base + path, *options], capture_output=True, timeout=120, check=True
    )
    quads = list(ox.parse(done.stdout, ox.RdfFormat.N_QUADS))
    newest: dict[str, tuple[str, str]] = {}
    about: dict[str, dict[str, str]] = {}
    for quad in quads:
        if quad.graph_name == ox.DefaultGraph():
            value = quad.object.value  # type: ignore[union-attr]
            about.setdefault(str(quad.subject), {})[quad.predicate.value] = value
    for version, said in about.items():
        record, moment = said[expand("dcterms:isVersionOf")], said[expand("dcterms:modified")]
        newest[record] = max(newest.get(record, ("", "")), (moment, version))
    kept = {version for _, version in newest.values()}
    assert len(newest) == 8
    replica = {str(quad.triple) for quad in quads if str(quad.graph_name) in kept}
    dump = gzip.decompress(site.get("/dumps/ee-mini.nq.gz").content)
    assert replica == {str(quad.triple) for quad in ox.parse(dump, ox.RdfFormat.N_QUADS)}
