"""A published release with something for every page to show, laid out as ``qcp build`` does."""

import json
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox

from qcp_graph import search
from qcp_graph.namespaces import PREFIXES

BASE = "https://qualifications.example/"
RICH = "/id/qualification/fi/demo/100"
POOR = "/id/qualification/fr/demo/R1"
UNIT = "/id/qualification/fi/demo/100/U1"
GONE = "/id/qualification/fr/demo/OLD"
HOSTILE = "/id/qualification/fr/demo/EVIL"
SKILL = "http://data.europa.eu/esco/skill/aaaa-1111"
LEVEL = "http://data.europa.eu/snb/qdr/c_fi4"

RDF = f"""
@base <{BASE}> .
<graph/fi/demo/data> {{
  <id/qualification/fi/demo/100> a elm:Qualification ;
    dcterms:title "Vocational qualification in baking"@en, "Leipurialan perustutkinto"@fi,
      "Grundexamen inom bageribranschen"@sv ;
    skos:altLabel "Leipuri"@fi ;
    dcterms:description "Bakers work in bakeries and shops.\\nThey know flour."@en ;
    dcterms:type <http://data.europa.eu/snb/learning-opportunity/05053c1cbe> ;
    adms:identifier <id/qualification/fi/demo/100#id-demo> ;
    elm:EQFLevel eqf:4 ; elm:NQFLevel qdr:c_fi4 ; elm:ISCEDFCode iscedf:0721 ;
    elm:volumeOfLearning "PT4860H"^^xsd:duration ;
    elm:creditPoint <id/qualification/fi/demo/100#credit-1> ;
    elm:learningOutcome <id/outcome/fi/demo/100/1>, <id/outcome/fi/demo/100/2>,
      <id/outcome/fi/demo/100/3> ;
    elm:hasPart <id/qualification/fi/demo/100/U1> ;
    elm:entryRequirement <id/qualification/fi/demo/100#note-entry> ;
    elm:provenBy <id/qualification/fi/demo/100#assessment-1> ;
    elm:entitlesTo <id/qualification/fi/demo/100#entitlement-1> ;
    elm:accreditation <id/qualification/fi/demo/100#accreditation-1> ;
    elm:mode <http://data.europa.eu/snb/learning-assessment/920fbb3cbe> ;
    elm:additionalNote <id/qualification/fi/demo/100#note-1> ;
    elm:awardingOpportunity <id/qualification/fi/demo/100#award-1> ;
    elm:supplementaryDocument <id/qualification/fi/demo/100#doc-1> ;
    dcterms:language lang:FIN, lang:SWE ;
    elm:isPartialQualification false .
  <id/qualification/fi/demo/100#id-demo> a elm:Identifier ; skos:notation "DEMO-100" ;
    elm:schemeName "Demo register" .
  <id/qualification/fi/demo/100#credit-1> a elm:CreditPoint ; elm:point "180" ;
    elm:framework <http://data.europa.eu/snb/education-credit/60b314e826> .
  <id/qualification/fi/demo/100#note-entry> a elm:Note ;
    elm:noteLiteral "Perusopetuksen oppimäärä"@fi .
  <id/qualification/fi/demo/100#assessment-1> a elm:LearningAssessmentSpecification ;
    dcterms:title "Demonstration of skills at work"@en .
  <id/qualification/fi/demo/100#entitlement-1> a elm:LearningEntitlementSpecification ;
    dcterms:title "Eligible for university"@en ;
    elm:limitOccupation <http://data.europa.eu/esco/isco/C7512> .
  <id/qualification/fi/demo/100#accreditation-1> a elm:Accreditation ;
    dcterms:title "Audit of the provider"@en ;
    elm:accreditingAgent <id/organisation/fi/demo/agency> ;
    dcterms:issued "2022-05-01"^^xsd:date ; elm:expiryDate "2028-04-30"^^xsd:date .
  <id/qualification/fi/demo/100#note-1> a elm:Note ; elm:noteLiteral "Taught since 1998."@en .
  <id/qualification/fi/demo/100#award-1> a elm:AwardingOpportunity ;
    elm:awardingBody <id/organisation/fi/demo/college> ;
    elm:learningAchievementSpecification <id/qualification/fi/demo/100> ;
    dcterms:temporal <id/qualification/fi/demo/100#award-1-period> .
  <id/qualification/fi/demo/100#award-1-period> a dcterms:PeriodOfTime ;
    elm:startDate "2018-08-01"^^xsd:date .
  <id/qualification/fi/demo/100#doc-1> a elm:WebResource ;
    elm:contentUrl "https://example.org/leaflet.pdf"^^xsd:anyURI .
  <id/qualification/fi/demo/100/U1> a elm:Qualification ;
    dcterms:title "Bread"@en, "Ruokaleivät"@fi ;
    elm:isPartialQualification true ; elm:isPartOf <id/qualification/fi/demo/100> ;
    elm:learningOutcome <id/outcome/fi/demo/100/U1> .
  <id/outcome/fi/demo/100/1> a elm:LearningOutcome ; dcterms:title "bakes bread"@en, "leipoo"@fi .
  <id/outcome/fi/demo/100/2> a elm:LearningOutcome ; dcterms:title "keeps the bakery clean"@en .
  <id/outcome/fi/demo/100/3> a elm:LearningOutcome ; dcterms:title "myy tuotteita"@fi .
  <id/outcome/fi/demo/100/U1> a elm:LearningOutcome ; dcterms:title "makes sourdough"@en .
  <id/organisation/fi/demo/college> a elm:Organisation ; rov:legalName "Baking College"@en,
    "Leipomo-opisto"@fi ; elm:location <id/organisation/fi/demo/college#location> .
  <id/organisation/fi/demo/college#location> a dcterms:Location ;
    elm:address <id/organisation/fi/demo/college#address> .
  <id/organisation/fi/demo/college#address> a elm:Address ; elm:countryCode country:FIN .
  <id/organisation/fi/demo/agency> a elm:Organisation ; rov:legalName "Evaluation Agency"@en .
}}
<graph/fi/demo/links> {{
  <id/link/fi/demo/100/1-a> a qcp:LinkAssertion ; sssom:subject_id <id/outcome/fi/demo/100/1> ;
    sssom:object_id <{SKILL}> ; sssom:confidence 0.91 ; qcp:linkStatus qcp:Accepted ;
    qcp:method "exact-label" ; qcp:escoVersion "1.1.1" .
  <id/link/fi/demo/100/2-b> a qcp:LinkAssertion ; sssom:subject_id <id/outcome/fi/demo/100/2> ;
    sssom:object_id <http://data.europa.eu/esco/skill/bbbb-2222> ; sssom:confidence 0.5 ;
    qcp:linkStatus qcp:Suggested ; qcp:method "words" .
  <id/outcome/fi/demo/100/1> elm:relatedESCOSkill <{SKILL}> .
}}
<graph/fi/demo/provenance> {{
  <id/record/fi/demo/100> a qcp:SourceRecord ; qcp:describes <id/qualification/fi/demo/100> ;
    qcp:sourceKey "100" ; qcp:locator "demo.json /0" ;
    prov:wasDerivedFrom <id/snapshot/fi/demo/aaaa> .
  <id/qualification/fi/demo/100> prov:wasDerivedFrom <id/record/fi/demo/100> ;
    qcp:register <id/register/fi/demo> ; qcp:country country:FIN ; qcp:status qcp:Registered ;
    qcp:validFrom "2018-08-01"^^xsd:date ; qcp:lacks dcterms:publisher .
}}
<graph/fr/demo/data> {{
  <id/qualification/fr/demo/R1> a elm:Qualification ; dcterms:title "Pâtissier"@fr ;
    elm:awardingOpportunity <id/qualification/fr/demo/R1#award-1> .
  <id/qualification/fr/demo/R1#award-1> a elm:AwardingOpportunity ;
    elm:awardingBody <id/organisation/fr/demo/ministry> .
  <id/organisation/fr/demo/ministry> a elm:Organisation ; rov:legalName "Ministère"@fr .
  <id/qualification/fr/demo/EVIL> a elm:Qualification ;
    dcterms:title "<script>alert('x')</script> {{{{ 7*7 }}}} {{% raw %}}"@en ;
    foaf:homepage <id/qualification/fr/demo/EVIL#home> ;
    elm:supplementaryDocument <id/qualification/fr/demo/EVIL#doc> ;
    dcterms:type <javascript:alert(1)> ;
    elm:learningOutcomeSummary <id/qualification/fr/demo/EVIL#note> .
  <id/qualification/fr/demo/EVIL#home> elm:contentUrl "javascript:alert(1)"^^xsd:anyURI .
  <id/qualification/fr/demo/EVIL#doc>
    elm:contentUrl "https://a.example/\\" onclick=\\"x"^^xsd:anyURI .
  <id/qualification/fr/demo/EVIL#note> elm:noteLiteral "<img src=x onerror=alert(1)>"@en .
}}
<graph/fr/demo/links> {{
  <id/link/fr/demo/EVIL-0721> a qcp:LinkAssertion ;
    sssom:subject_id <id/qualification/fr/demo/EVIL> ;
    sssom:object_id <http://data.europa.eu/snb/isced-f/0721> ; sssom:confidence 0.95 ;
    qcp:linkStatus qcp:Accepted ; qcp:method "crosswalk nsf" .
  <id/qualification/fr/demo/EVIL> elm:ISCEDFCode <http://data.europa.eu/snb/isced-f/0721> .
}}
<graph/fr/demo/provenance> {{
  <id/record/fr/demo/R1> a qcp:SourceRecord ; qcp:describes <id/qualification/fr/demo/R1> ;
    qcp:sourceKey "R1" ; qcp:locator "demo.csv row 2" ;
    prov:wasDerivedFrom <id/snapshot/fr/demo/bbbb> .
  <id/qualification/fr/demo/R1> prov:wasDerivedFrom <id/record/fr/demo/R1> ;
    qcp:register <id/register/fr/demo> ; qcp:country country:FRA ; qcp:status qcp:Expired ;
    qcp:sourceLevel "Niveau 1/2" ; dcterms:isReplacedBy <id/qualification/fi/demo/100> ;
    qcp:lacks elm:EQFLevel, elm:NQFLevel, elm:ISCEDFCode, elm:learningOutcome .
  <id/record/fr/demo/EVIL> a qcp:SourceRecord ; qcp:describes <id/qualification/fr/demo/EVIL> ;
    qcp:sourceKey "EVIL" ; qcp:locator "demo.csv row 3" .
  <id/qualification/fr/demo/EVIL> qcp:register <id/register/fr/demo> ; qcp:country country:FRA .
  <id/qualification/fr/demo/OLD> a qcp:WithdrawnRecord ; dcterms:title "Boulanger"@fr ;
    qcp:withdrawnIn <id/snapshot/fr/demo/bbbb> ; qcp:register <id/register/fr/demo> ;
    qcp:country country:FRA ; dcterms:isReplacedBy <id/qualification/fr/demo/R1> .
}}
<graph/vocabulary> {{
  <id/framework/eqf> a skos:ConceptScheme, qcp:QualificationsFramework ;
    skos:prefLabel "European Qualifications Framework"@en ; skos:notation "eqf" .
  eqf:4 a skos:Concept, qcp:Level ; skos:inScheme <id/framework/eqf> ;
    skos:prefLabel "EQF level 4"@en, "CEC niveau 4"@fr ; skos:notation "4" ; qcp:rank 4 .
  <id/framework/fi-nqf> a skos:ConceptScheme, qcp:QualificationsFramework ;
    skos:prefLabel "Finnish framework"@en ; qcp:country country:FIN ; skos:notation "fi-nqf" .
  qdr:c_fi4 a skos:Concept, qcp:Level ; skos:inScheme <id/framework/fi-nqf> ;
    skos:prefLabel "FiNQF 4"@en ; skos:notation "4" ; qcp:rank 4 .
  <id/level/fi-nqf/4#referencing-eqf> a qcp:LevelReferencing ; qcp:level qdr:c_fi4 ;
    qcp:referencedTo eqf:4 ; qcp:match qcp:Referenced ; dcterms:date "2017" ;
    dcterms:source <https://example.org/report> ; qcp:basis "referencing report" .
  <id/level/fi-nqf/3> a skos:Concept, qcp:Level ; skos:inScheme <id/framework/fi-nqf> ;
    skos:prefLabel "FiNQF 3"@en ; skos:notation "3" ; qcp:rank 3 .
  iscedf:07 a skos:Concept ; skos:prefLabel "Engineering"@en ; skos:notation "07" .
  iscedf:0721 a skos:Concept ; skos:prefLabel "Food processing"@en ; skos:notation "0721" .
  <http://data.europa.eu/snb/learning-opportunity/05053c1cbe> a skos:Concept ;
    skos:prefLabel "Course"@en .
  <http://data.europa.eu/snb/education-credit/60b314e826> a skos:Concept ;
    skos:prefLabel "ECVET"@en .
  <{SKILL}> a skos:Concept, esco:Skill ; skos:prefLabel "bake bread"@en, "leipoa leipää"@fi ;
    skos:altLabel "bread baking"@en .
  <http://data.europa.eu/esco/skill/bbbb-2222> a skos:Concept, esco:Skill ;
    skos:prefLabel "clean premises"@en .
}}
<graph/catalogue> {{
  <id/register/fi/demo> a qcp:Register ; dcterms:identifier "fi-demo" ;
    dcterms:title "Demo register of Finland"@en ; dcterms:description "An example."@en ;
    qcp:country country:FIN ; qcp:specimen true ; dcterms:publisher <id/register/fi/demo#owner> ;
    dcterms:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/DAILY> ;
    dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> ;
    qcp:latestSnapshot <id/snapshot/fi/demo/aaaa> .
  <id/register/fi/demo#owner> a foaf:Agent ; foaf:name "Example Board" ;
    foaf:mbox <mailto:board@example.org> .
  <https://creativecommons.org/publicdomain/zero/1.0/> rdfs:label "CC0 1.0" .
  <id/snapshot/fi/demo/aaaa> a qcp:Snapshot ;
    prov:generatedAtTime "2020-01-02T03:04:05Z"^^xsd:dateTime .
  <id/run/r1/fi/demo> a prov:Activity ; qcp:register <id/register/fi/demo> ;
    prov:used <id/snapshot/fi/demo/aaaa> ; qcp:read 5 ; qcp:published 3 ; qcp:quarantined 1 ;
    qcp:rejected 1 ; qcp:withdrawn 0 ; qcp:reason <id/run/r1/fi/demo#QCP-VAL-SHAPE> .
  <id/run/r1/fi/demo#QCP-VAL-SHAPE> dcterms:identifier "QCP-VAL-SHAPE" ; qcp:count 2 .
  <id/register/fr/demo> a qcp:Register ; dcterms:identifier "fr-demo" ;
    dcterms:title "Registre d'exemple"@fr ; qcp:country country:FRA ; qcp:specimen false ;
    qcp:latestSnapshot <id/snapshot/fr/demo/bbbb> ; dcterms:rights "All rights reserved" .
  <id/snapshot/fr/demo/bbbb> a qcp:Snapshot ;
    prov:generatedAtTime "2026-01-02T03:04:05Z"^^xsd:dateTime .
  <id/release/r1> a qcp:Release ; dcterms:identifier "r1" ;
    prov:wasGeneratedBy <id/run/r1/fi/demo> .
}}
"""


def many(count: int) -> str:
    """Return plain qualifications of the Finnish register, for paging."""
    data, provenance = [], []
    for n in range(count):
        iri = f"<id/qualification/fi/demo/n{n:04}>"
        data.append(
            f'{iri} a elm:Qualification ; dcterms:title "Course {n:04}"@en ;'
            f" elm:EQFLevel eqf:{n % 8 + 1} ."
        )
        provenance.append(
            f"<id/record/fi/demo/n{n:04}> qcp:describes {iri} ; qcp:sourceKey 'n{n:04}' ."
            f" {iri} qcp:register <id/register/fi/demo> ; qcp:country country:FIN ;"
            " qcp:status qcp:Registered ."
        )
    return (
        "<graph/fi/demo/data> {\n" + "\n".join(data) + "\n}\n"
        "<graph/fi/demo/provenance> {\n" + "\n".join(provenance) + "\n}\n"
    )


def fill(store: ox.Store, *parts: str) -> None:
    """Load TriG that uses the project's prefixes into a store."""
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    head += "@prefix semapv: <https://w3id.org/semapv/vocab/> .\n"
    store.bulk_load((head + "\n".join(parts)).encode(), ox.RdfFormat.TRIG)


def publish(home: Path, release_id: str, *parts: str) -> Path:
    """Write a release and make it the live one; return its folder."""
    folder = home / "releases" / release_id
    (folder / "dumps").mkdir(parents=True)
    store = ox.Store(str(folder / "store"))
    fill(store, *parts)
    store.flush()
    search.build(folder / "search.sqlite", store)
    del store
    dump = folder / "dumps" / "fi-demo.nq.gz"
    dump.write_bytes(b"not really gzip")
    files = {"dumps/fi-demo.nq.gz": sha256(dump.read_bytes()).hexdigest()}
    registers = {"fi-demo": {"files": files}}
    created = "2026-11-20T08:00:00Z"
    manifest = {"id": release_id, "created": created, "registers": registers, "files": {}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (home / "releases" / "CURRENT").write_text(release_id + "\n", encoding="utf-8")
    return folder
