"""A small world to compare in: two registers, three frameworks, four credit systems, some skills.

A qualification is given as the rest of a Turtle sentence about itself, ``elm:EQFLevel eqf:4``; what
belongs to it is ``<#name>``. What stands behind ``links:`` goes into the graph of links.
"""

import pyoxigraph as ox

from qcp_graph import compare
from qcp_graph.namespaces import PREFIXES
from qcp_graph.pipeline.comparing import gather

BASE = "https://q.example/"
HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items()) + (
    f"@prefix credit: <{BASE}id/framework/credit/> .\n"
    f"@prefix xx: <{BASE}id/level/xx-nqf/> .\n"
    f"@prefix yy: <{BASE}id/level/yy-nqf/> .\n"
    f"@prefix zz: <{BASE}id/level/zz-nqf/> .\n"
    f"@prefix s: <http://data.europa.eu/esco/skill/> .\n"
    f"@prefix isco: <http://data.europa.eu/esco/isco/> .\n"
    f"@prefix t: <http://data.europa.eu/snb/> .\n"
    f"@prefix org: <{BASE}id/organisation/xx/demo/> .\n"
)
VOCABULARY = """
<id/framework/eqf> a qcp:QualificationsFramework .
eqf:3 skos:inScheme <id/framework/eqf> ; qcp:rank 3 .
eqf:4 skos:inScheme <id/framework/eqf> ; qcp:rank 4 .
eqf:5 skos:inScheme <id/framework/eqf> ; qcp:rank 5 .
eqf:6 skos:inScheme <id/framework/eqf> ; qcp:rank 6 .
<id/framework/acqf> a qcp:QualificationsFramework .
<id/level/acqf/5> skos:inScheme <id/framework/acqf> ; qcp:rank 5 .
<id/level/acqf/6> skos:inScheme <id/framework/acqf> ; qcp:rank 6 .
<id/framework/xx-nqf> a qcp:QualificationsFramework .
xx:3 skos:inScheme <id/framework/xx-nqf> ; qcp:rank 3 .
xx:4 skos:inScheme <id/framework/xx-nqf> ; qcp:rank 4 .
xx:5 skos:inScheme <id/framework/xx-nqf> ; qcp:rank 5 .
xx:4 skos:inScheme <https://elsewhere.example/list> .
<id/level/xx-nqf/3#r> qcp:level xx:3 ; qcp:referencedTo eqf:3 ; qcp:match qcp:Referenced .
<id/level/xx-nqf/4#r> qcp:level xx:4 ; qcp:referencedTo eqf:4 ; qcp:match qcp:Referenced ;
  dcterms:date "2012" ; dcterms:source <https://report.example/xx> ; qcp:basis "report" .
<id/level/xx-nqf/5#r> qcp:level xx:5 ; qcp:referencedTo eqf:5 ; qcp:match qcp:Referenced .
xx:34 skos:inScheme <id/framework/xx-nqf> .
<id/level/xx-nqf/34#r> qcp:level xx:34 ; qcp:referencedTo eqf:3, eqf:4 ; qcp:match qcp:Referenced .
<id/framework/yy-nqf> a qcp:QualificationsFramework .
yy:L4 skos:inScheme <id/framework/yy-nqf> ; qcp:rank 40 .
yy:L5 skos:inScheme <id/framework/yy-nqf> ; qcp:rank 50 .
<id/level/yy-nqf/L4#r> qcp:level yy:L4 ; qcp:referencedTo eqf:4 ; qcp:match qcp:BlanketStatement ;
  qcp:validFrom "2015-01-01"^^xsd:date .
<id/level/yy-nqf/L5#old> qcp:level yy:L5 ; qcp:referencedTo eqf:5 ; qcp:match qcp:Referenced ;
  qcp:validUntil "2018"^^xsd:gYear .
<id/level/yy-nqf/L5#new> qcp:level yy:L5 ; qcp:referencedTo eqf:6 ; qcp:match qcp:Referenced ;
  qcp:validFrom "2019"^^xsd:gYear .
<id/framework/zz-nqf> a qcp:QualificationsFramework .
zz:5 skos:inScheme <id/framework/zz-nqf> ; qcp:rank 5 .
zz:6 skos:inScheme <id/framework/zz-nqf> ; qcp:rank 6 .
zz:7 skos:inScheme <id/framework/zz-nqf> ; qcp:rank 7 .
<id/level/zz-nqf/5#r> qcp:level zz:5 ; qcp:referencedTo <id/level/acqf/5> ;
  qcp:match qcp:Comparison .
<id/level/zz-nqf/6#r> qcp:level zz:6 ; qcp:referencedTo <id/level/acqf/6> ;
  qcp:match qcp:Comparison .
credit:ects qcp:hoursPerCreditMin 25.0 ; qcp:hoursPerCreditMax 30.0 ; qcp:basis "guide" .
credit:cats qcp:hoursPerCreditMin 10.0 ; qcp:hoursPerCreditMax 10.0 .
credit:acts qcp:hoursPerCreditMin 20.0 ; qcp:hoursPerCreditMax 25.0 .
credit:ecvet a qcp:CreditSystem .
s:join skos:broader s:metalwork . s:weld skos:broader s:join . s:tigweld skos:broader s:weld .
s:solder skos:broader s:join . s:bake skos:broader s:food . s:metalwork skos:broader s:all .
s:food skos:broader s:all . s:round skos:broader s:about . s:about skos:broader s:round .
s:teamwork esco:skillReuseLevel <http://data.europa.eu/esco/skill-reuse-level/transversal> .
"""


def store(**sides: str) -> ox.Store:
    """Return a store with qualifications by their names; one ending in 2 is of another country."""
    found = ox.Store()
    vocabulary = f"<graph/vocabulary> {{ {VOCABULARY} }}"
    found.load(f"@base <{BASE}> .\n{HEAD}{vocabulary}".encode(), ox.RdfFormat.TRIG)
    for name, text in sides.items():
        data, _, links = text.partition("links:")
        cc = "yy" if name.endswith("2") else "xx"
        here = f"{BASE}graph/{cc}/demo/"
        turtle = f"""@base <{iri(name)}> .\n{HEAD}
        <{here}data> {{ <> a elm:Qualification ; dcterms:title "{name}"@en ; {data.strip(" .")} . }}
        <{here}links> {{ {links} }}
        <{here}provenance> {{
          <> qcp:register <{BASE}id/register/{cc}/demo> ;
            prov:wasDerivedFrom <{BASE}id/record/{cc}/demo/{name}> .
          <{BASE}id/record/{cc}/demo/{name}> qcp:sourceKey "{name}" ; qcp:locator "row 1" ;
            prov:wasDerivedFrom <{BASE}id/snapshot/{cc}/demo/1> .
          <{BASE}id/snapshot/{cc}/demo/1>
            prov:generatedAtTime "2025-01-01T09:00:00Z"^^xsd:dateTime . }}"""
        found.load(turtle.encode(), ox.RdfFormat.TRIG)
    return found


def iri(name: str) -> str:
    """Return the IRI of a qualification of this world."""
    return f"{BASE}id/qualification/{'yy' if name.endswith('2') else 'xx'}/demo/{name}"


def facts(**sides: str) -> list[compare.Facts]:
    """Return the facts of qualifications, in the order given."""
    held = store(**sides)
    return [gather(held, iri(name), BASE) for name in sides]


def outcomes(*skills: str) -> str:
    """Return outcomes, each linked to a skill by the source; ``""`` is one without."""
    found = []
    for at, skill in enumerate(skills):
        link = f"; elm:relatedESCOSkill s:{skill}" if skill else ""
        found.append(f'<#o{at}> dcterms:title "outcome {at} {skill}"@en {link} .')
    places = ", ".join(f"<#o{at}>" for at in range(len(skills)))
    return f"elm:learningOutcome {places} . " + " ".join(found)
