"""The truth table: what each pair must give in one row, written and reviewed by hand.

Each line: what the case is, the row, the verdict, the code of the reason, A, B, and the date.
"""

from datetime import date

import pytest

from qcp_graph import compare
from qcp_graph.compare import Row, Verdict
from qcp_graph.pipeline.comparing import gather
from tests.compare import world
from tests.compare.world import outcomes

SAME, DIFFERENT, INCOMPARABLE, MISSING, CONFLICT = (
    *("same", "different", "not-comparable"),
    *("not-provided", "conflicting"),
)
REG = "qcp:status qcp:Registered"
ENTRY = "elm:entryRequirement <#n> . <#n> elm:noteLiteral"
PROOF = "elm:provenBy <#p> . <#p>"
ACC = "elm:accreditation <#a> . <#a>"
GIVEN = 'dcterms:issued "2015-01-01"^^xsd:date'
RIGHT = "elm:entitlesTo <#e> . <#e>"
AWARD = "elm:awardingOpportunity <#w> . <#w> elm:awardingBody"


def ects(points: str, system: str = "ects", name: str = "c") -> str:
    return (
        f"elm:creditPoint <#{name}> . "
        f'<#{name}> elm:point "{points}" ; elm:framework credit:{system}'
    )


def until(day: str, kind: str = "date") -> str:
    return f'qcp:validUntil "{day}"^^xsd:{kind}'


def since(day: str, kind: str = "date") -> str:
    return f'qcp:validFrom "{day}"^^xsd:{kind}'


def note(topic: str, text: str, language: str = "en") -> str:
    about = f"<http://data.europa.eu/snb/qualification-topics#{topic}>"
    said = f'elm:noteLiteral "{text}"@{language}'
    return f"elm:additionalNote <#t> . <#t> dcterms:subject {about} ; {said}"


PERIOD = 'dcterms:temporal <#w-p> . <#w-p> elm:startDate "2010"^^xsd:gYear'
HOURS = 'elm:volumeOfLearning "PT{}H"^^xsd:duration'
TABLE = [
    # status on a date
    ("both registered", "status", SAME, "status-in-force", REG, REG, ""),
    ("within and after", "status", DIFFERENT, "status-differs",
     f"{since('2015-01-01')} ; {until('2030-01-01')}",
     f"{since('2015-01-01')} ; {until('2020-01-01')}", ""),
    ("both expired", "status", SAME, "status-ended",
     "qcp:status qcp:Expired", until("2019", "gYear"), ""),
    ("the last day of an end year still counts", "status", SAME, "status-in-force",
     f"{since('2015-01-01')} ; {until('2024', 'gYear')}", f"{REG} ; {since('2015-01-01')}",
     "2024-12-31"),
    ("not yet in force", "status", DIFFERENT, "status-differs", since("2026-09-01"), REG, ""),
    ("neither in force yet", "status", SAME, "status-not-yet",
     since("2027", "gYear"), since("2028-01", "gYearMonth"), ""),
    ("draft", "status", DIFFERENT, "status-differs", "qcp:status qcp:Draft", REG, ""),
    ("no status at all", "status", MISSING, "missing-second", REG, "elm:EQFLevel eqf:4", ""),
    ("neither has a status", "status", MISSING, "missing-both", "elm:EQFLevel eqf:4",
     "elm:EQFLevel eqf:4", ""),
    ("a bare status says nothing of the past", "status", INCOMPARABLE, "status-unknown-then",
     REG, f"{REG} ; {since('2001-01-01')}", "2010-05-01"),
    ("registered by a decision before the date, until an end after it", "status", SAME,
     "status-in-force", f'{REG} ; {until("2024-05-31")} ; qcp:decisionDate "2019-06-01"^^xsd:date',
     f"{REG} ; {since('2001-01-01')}", "2022-05-01"),
    ("before the decision nothing is known", "status", INCOMPARABLE, "status-unknown-then",
     f'{REG} ; {until("2030-05-31")} ; qcp:decisionDate "2019-06-01"^^xsd:date',
     f"{REG} ; {since('2001-01-01')}", "2018-05-01"),
    ("a decision without an end says nothing of the past", "status", INCOMPARABLE,
     "status-unknown-then", f'{REG} ; qcp:decisionDate "2019-06-01"^^xsd:date',
     f"{REG} ; {since('2001-01-01')}", "2022-05-01"),
    ("archived", "status", DIFFERENT, "status-differs", REG, "qcp:status qcp:Archived", ""),
    ("registered beyond its end", "status", CONFLICT, "registered-after-end",
     f"{REG} ; {until('2020-12-31')}", REG, ""),
    ("ended, but those who have begun still get it", "status", DIFFERENT, "status-differs",
     f'{REG} ; {until("2020-12-31")} ; qcp:lastAwardDate "2028-07-31"^^xsd:date', REG, ""),
    ("both run out", "status", SAME, "status-phasing-out",
     f'{until("2020-12-31")} ; qcp:lastAwardDate "2028-07-31"^^xsd:date',
     f'{until("2024", "gYear")} ; qcp:lastAwardDate "2026-07"^^xsd:gYearMonth', ""),
    ("registered beyond the last day of award", "status", CONFLICT, "registered-after-end",
     f'{REG} ; {until("2020-12-31")} ; qcp:lastAwardDate "2022-07-31"^^xsd:date', REG, ""),
    ("no contradiction before that end", "status", SAME, "status-in-force",
     f"{REG} ; {since('2010-01-01')} ; {until('2020-12-31')}",
     f"{REG} ; {since('2010-01-01')}", "2020-06-01"),
    ("expired before its end", "status", CONFLICT, "expired-before-end",
     f"qcp:status qcp:Expired ; {until('2030-12-31')}", REG, ""),
    ("two statuses", "status", CONFLICT, "status-several",
     "qcp:status qcp:Registered, qcp:Expired", REG, ""),
    ("ends before it begins", "status", CONFLICT, "dates-reversed",
     f"{since('2020-01-01')} ; {until('2019-01-01')}", REG, ""),
    ("a contradiction outweighs a gap", "status", CONFLICT, "status-several",
     "qcp:status qcp:Registered, qcp:Expired", "elm:EQFLevel eqf:4", ""),
    ("same successor", "succession", SAME, "equal-values",
     "dcterms:isReplacedBy <http://x/n>", "dcterms:isReplacedBy <http://x/n>", ""),
    ("each has a successor of its own", "succession", INCOMPARABLE, "succession-own",
     "dcterms:isReplacedBy <http://x/n>", "dcterms:isReplacedBy <http://y/n>", ""),
    ("one replaces the other", "succession", DIFFERENT, "succession-between",
     f"dcterms:isReplacedBy <{world.iri('b2')}>", "dcterms:replaces <http://x/older>", ""),
    ("only one has a successor", "succession", MISSING, "missing-second",
     "dcterms:isReplacedBy <http://x/n>", REG, ""),
    # system and type
    ("countries", "country", DIFFERENT, "other-values", "qcp:country country:FIN",
     "qcp:country country:FRA", ""),
    ("one country", "country", SAME, "equal-values", "qcp:country country:FIN",
     "qcp:country country:FIN", ""),
    ("same common type", "type", SAME, "equal-values", "dcterms:type t:short",
     "dcterms:type t:short", ""),
    ("other common type", "type", DIFFERENT, "other-values", "dcterms:type t:short",
     "dcterms:type t:long", ""),
    ("national types", "type", INCOMPARABLE, "national-types", 'elm:category "Lehre"@de',
     'elm:category "CAP"@fr', ""),
    ("common type against a national one", "type", INCOMPARABLE, "national-types",
     "dcterms:type t:short", 'elm:category "CAP"@fr', ""),
    ("full and part", "extent", DIFFERENT, "extent-differs", "elm:isPartialQualification true",
     "elm:isPartialQualification false", ""),
    ("full and part at once", "extent", CONFLICT, "extent-both",
     "elm:isPartialQualification true, false", "elm:isPartialQualification false", ""),
    ("same field", "field", SAME, "field-same", "elm:ISCEDFCode iscedf:0716",
     "elm:ISCEDFCode iscedf:0716", ""),
    ("same narrow field", "field", DIFFERENT, "field-narrow", "elm:ISCEDFCode iscedf:0716",
     "elm:ISCEDFCode iscedf:0715", ""),
    ("same broad field", "field", DIFFERENT, "field-broad", "elm:ISCEDFCode iscedf:0716",
     "elm:ISCEDFCode iscedf:0732", ""),
    ("other field", "field", DIFFERENT, "field-other", "elm:ISCEDFCode iscedf:0716",
     "elm:ISCEDFCode iscedf:1013", ""),
    # awarding body and authority
    ("same body", "awarding-body", SAME, "equal-values", f"{AWARD} org:a", f"{AWARD} org:a", ""),
    ("one body of two", "awarding-body", DIFFERENT, "shared", f"{AWARD} org:a, org:b",
     f"{AWARD} org:b", ""),
    ("other body", "awarding-body", DIFFERENT, "other-values", f"{AWARD} org:a", f"{AWARD} org:b",
     ""),
    ("a body that no longer awards", "awarding-body", INCOMPARABLE, "no-body-then",
     f'{AWARD} org:a ; {PERIOD} ; elm:endDate "2012"^^xsd:gYear', f"{AWARD} org:a", ""),
    ("a body that awarded then", "awarding-body", SAME, "equal-values",
     f'{AWARD} org:a ; {PERIOD} ; elm:endDate "2012"^^xsd:gYear', f"{AWARD} org:a", "2011-01-01"),
    ("no body", "awarding-body", MISSING, "missing-first", REG, f"{AWARD} org:a", ""),
    ("a body in words only", "awarding-body", INCOMPARABLE, "in-words",
     note("awarding-activity", "Any licensed provider"), f"{AWARD} org:a", ""),
    ("words beside a body change nothing", "awarding-body", SAME, "equal-values",
     f"{AWARD} org:a . <> {note('awarding-activity', 'after the exam')}", f"{AWARD} org:a", ""),
    ("words against silence are a gap", "awarding-body", MISSING, "missing-second",
     note("awarding-activity", "Any licensed provider"), REG, ""),
    ("authorities", "authority", DIFFERENT, "other-values", "dcterms:publisher org:a",
     "dcterms:publisher org:b", ""),
    # level
    ("same national level", "national-level", SAME, "level-same", "elm:NQFLevel xx:4",
     "elm:NQFLevel xx:4", ""),
    ("national levels apart", "national-level", DIFFERENT, "level-lower", "elm:NQFLevel xx:4",
     "elm:NQFLevel xx:5", ""),
    ("two frameworks", "national-level", INCOMPARABLE, "other-frameworks", "elm:NQFLevel xx:4",
     "elm:NQFLevel yy:L4", ""),
    ("two levels of one framework", "national-level", CONFLICT, "levels-several",
     "elm:NQFLevel xx:4, xx:5", "elm:NQFLevel xx:4", ""),
    ("levels of two frameworks are no contradiction", "national-level", SAME, "level-same",
     "elm:NQFLevel xx:4, zz:5", "elm:NQFLevel xx:4", ""),
    ("a level nobody could read", "national-level", INCOMPARABLE, "level-unread",
     'qcp:sourceLevel "Level 1/2"', "elm:NQFLevel xx:4", ""),
    ("EQF through two referencings", "eqf-level", SAME, "level-same", "elm:NQFLevel xx:4",
     "elm:NQFLevel yy:L4", ""),
    ("EQF stated against EQF bridged", "eqf-level", DIFFERENT, "level-higher", "elm:EQFLevel eqf:5",
     "elm:NQFLevel xx:4", ""),
    ("before a new referencing", "eqf-level", SAME, "level-same", "elm:NQFLevel xx:5",
     "elm:NQFLevel yy:L5", "2018-12-31"),
    ("after a new referencing", "eqf-level", DIFFERENT, "level-lower", "elm:NQFLevel xx:5",
     "elm:NQFLevel yy:L5", "2019-01-01"),
    ("a span of levels is told as one", "eqf-level", DIFFERENT, "level-lower", "elm:NQFLevel xx:34",
     "elm:EQFLevel eqf:6", ""),
    ("a level within a span of another", "eqf-level", SAME, "level-same", "elm:NQFLevel xx:34",
     "elm:EQFLevel eqf:4", ""),
    ("not referenced yet", "eqf-level", INCOMPARABLE, "no-bridge", "elm:NQFLevel xx:4",
     "elm:NQFLevel yy:L4", "2014-12-31"),
    ("a framework outside the EQF", "eqf-level", INCOMPARABLE, "no-bridge", "elm:NQFLevel xx:5",
     "elm:NQFLevel zz:5", ""),
    ("no level is a gap, not a missing bridge", "eqf-level", MISSING, "missing-second",
     "elm:EQFLevel eqf:4", REG, ""),
    ("stated against its own referencing", "eqf-level", CONFLICT, "level-against-bridge",
     "elm:NQFLevel xx:4 ; elm:EQFLevel eqf:5", "elm:EQFLevel eqf:4", ""),
    ("two EQF levels", "eqf-level", CONFLICT, "levels-several", "elm:EQFLevel eqf:4, eqf:5",
     "elm:EQFLevel eqf:4", ""),
    ("two levels outside the EQF meet in the ACQF", "wider-level", DIFFERENT, "level-lower",
     "elm:NQFLevel zz:5", "elm:NQFLevel zz:6", ""),
    ("a level without any bridge", "wider-level", INCOMPARABLE, "no-bridge", "elm:NQFLevel zz:7",
     "elm:NQFLevel zz:6", ""),
    # volume
    ("equal hours", "hours", SAME, "hours-meet", HOURS.format(1600), HOURS.format(1600), ""),
    ("intervals meet", "hours", SAME, "hours-meet", ects("60"), HOURS.format(1600), ""),
    ("intervals apart", "hours", DIFFERENT, "hours-more", ects("60"), ects("60", "cats"), ""),
    ("less", "hours", DIFFERENT, "hours-less", HOURS.format(100), ects("60"), ""),
    ("hours against credit", "hours", CONFLICT, "hours-contradict",
     f"{HOURS.format(100)} ; {ects('60')}", HOURS.format(100), ""),
    ("two credit systems that agree", "hours", SAME, "hours-meet",
     f"{ects('60', 'acts')} . <> {ects('60', name='d')}", HOURS.format(1500), ""),
    ("credit without a rule", "hours", INCOMPARABLE, "credits-without-hours", ects("100", "ecvet"),
     HOURS.format(900), ""),
    ("a duration in years is no number of hours", "hours", INCOMPARABLE, "no-hours",
     'elm:volumeOfLearning "P3Y"^^xsd:duration', HOURS.format(900), ""),
    ("no volume", "hours", MISSING, "missing-second", ects("60"), REG, ""),
    ("same points", "credits", SAME, "points-same", ects("60"), ects("60.0"), ""),
    ("more points", "credits", DIFFERENT, "points-more", ects("90"), ects("60"), ""),
    ("other systems", "credits", INCOMPARABLE, "other-credit-systems", ects("60"),
     ects("120", "cats"), ""),
    ("a range of points", "credits", INCOMPARABLE, "points-unread", ects("60-90"), ects("60"), ""),
    ("two numbers in one system", "credits", CONFLICT, "points-several",
     f"{ects('60')} . <> {ects('90', name='d')}", ects("60"), ""),
    # outcomes and skills
    ("no outcomes", "outcomes", MISSING, "missing-first", REG, outcomes("weld"), ""),
    ("equal wording needs no link", "outcomes", SAME, "equal-texts", outcomes("", ""),
     outcomes("", ""), ""),
    ("unlinked", "outcomes", INCOMPARABLE, "few-linked", outcomes("", "", ""),
     outcomes("weld", "bake", "solder"), ""),
    ("other skills", "outcomes", DIFFERENT, "skills-shared", outcomes("weld", "bake", "join"),
     outcomes("weld", "bake", "solder"), ""),
    ("one summary against a list", "outcomes", INCOMPARABLE, "few-linked",
     'elm:learningOutcomeSummary <#s> . <#s> elm:noteLiteral "knows all"@en',
     outcomes("weld", "bake", "solder"), ""),
    ("a summary beside single outcomes is none itself", "skills", SAME, "skills-same",
     outcomes("weld", "bake", "join", "", "", "")
     + ' <> elm:learningOutcomeSummary <#s> . <#s> elm:noteLiteral "knows all"@en',
     outcomes("weld", "bake", "join"), ""),
    ("same skills", "skills", SAME, "skills-same", outcomes("weld", "bake", "join"),
     outcomes("join", "bake", "weld"), ""),
    ("too few linked", "skills", INCOMPARABLE, "few-linked", outcomes("weld", "", "", "", ""),
     outcomes("weld", "bake", "join"), ""),
    ("none linked", "skills", INCOMPARABLE, "nothing-linked", outcomes("", "", ""),
     outcomes("weld", "bake", "join"), ""),
    ("no outcomes, no skills", "skills", MISSING, "missing-second",
     outcomes("weld", "bake", "join"), REG, ""),
    ("transversal skills apart", "transversal", SAME, "skills-same",
     outcomes("weld", "bake", "teamwork"), outcomes("solder", "join", "teamwork"), ""),
    ("no transversal skill", "transversal", INCOMPARABLE, "no-skills-of-kind",
     outcomes("weld", "bake", "join"), outcomes("weld", "bake", "teamwork"), ""),
    # entry, rights, quality, assessment, mode and language, parts
    ("equal entry", "entry", SAME, "equal-texts", f'{ENTRY} "Lower secondary."@en',
     f'{ENTRY} "lower  secondary"@en', ""),
    ("entry in other words", "entry", INCOMPARABLE, "texts-differ", f'{ENTRY} "None"@en',
     f'{ENTRY} "Age 18"@en', ""),
    ("entry in other languages", "entry", INCOMPARABLE, "other-languages", f'{ENTRY} "None"@en',
     f'{ENTRY} "Aucune"@fr', ""),
    ("one equal text of two", "rights", INCOMPARABLE, "texts-differ",
     f'{RIGHT} dcterms:title "Jobs"@en ; dcterms:description "Baker"@en',
     f'{RIGHT} dcterms:title "Jobs"@en ; dcterms:description "Cook"@en', ""),
    ("equal in the one language they share", "entry", SAME, "equal-texts",
     f'{ENTRY} "None"@en, "Keine"@de', f'{ENTRY} "none"@en, "Aucune"@fr', ""),
    ("no entry", "entry", MISSING, "missing-second", f'{ENTRY} "None"@en', REG, ""),
    ("equal rights", "rights", SAME, "equal-texts", f'{RIGHT} dcterms:title "Study"@en',
     f'{RIGHT} dcterms:title "study"@en', ""),
    ("same occupation", "occupations", SAME, "equal-values",
     f"{RIGHT} elm:limitOccupation isco:C7231", f"{RIGHT} elm:limitOccupation isco:C7231", ""),
    ("near occupation", "occupations", DIFFERENT, "occupation-near",
     f"{RIGHT} elm:limitOccupation isco:C7231", f"{RIGHT} elm:limitOccupation isco:C7233", ""),
    ("other occupation", "occupations", DIFFERENT, "other-values",
     f"{RIGHT} elm:limitOccupation isco:C7231", f"{RIGHT} elm:limitOccupation isco:C5120", ""),
    ("both accredited", "accreditation", SAME, "quality-accredited",
     f'{ACC} elm:expiryDate "2030-01-01"^^xsd:date', f'{ACC} {GIVEN}', ""),
    ("accreditation expired", "accreditation", DIFFERENT, "quality-differs",
     f'{ACC} elm:expiryDate "2020-01-01"^^xsd:date', f'{ACC} {GIVEN}', ""),
    ("held on that date", "accreditation", SAME, "quality-accredited",
     f'{ACC} elm:expiryDate "2020-01-01"^^xsd:date', f'{ACC} {GIVEN}', "2019-12-31"),
    ("an accreditation without any day", "accreditation", INCOMPARABLE, "accreditation-undated",
     f'{ACC} dcterms:title "Audit"@en', f'{ACC} {GIVEN}', ""),
    ("expired, and another without a day", "accreditation", INCOMPARABLE, "accreditation-undated",
     f'{ACC} elm:expiryDate "2020-01-01"^^xsd:date . <> elm:accreditation <#a2> . '
     '<#a2> dcterms:title "Audit"@en', f'{ACC} {GIVEN}', ""),
    ("no accreditation is a gap", "accreditation", MISSING, "missing-second",
     f'{ACC} dcterms:title "Audit"@en', REG, ""),
    ("quality in words only", "accreditation", INCOMPARABLE, "in-words",
     note("accreditation-and-quality-assurance", "The agency decides"),
     f'{ACC} dcterms:title "Audit"@en', ""),
    ("a law and none told", "rules", MISSING, "missing-second",
     note("regulations-and-certificates", "Licence needed"), REG, ""),
    ("laws of two languages", "rules", INCOMPARABLE, "other-languages",
     note("regulations-and-certificates", "Licence needed"),
     note("regulations-and-certificates", "Habilitation", "fr"), ""),
    ("equal ways", "ways", SAME, "equal-texts", note("ways-to-acquire", "Apprenticeship"),
     note("pathways", "apprenticeship."), ""),
    ("other agents", "agents", DIFFERENT, "other-values", f"{ACC} elm:accreditingAgent org:a",
     f"{ACC} elm:accreditingAgent org:b", ""),
    ("same kinds of assessment", "assessment", SAME, "equal-values", f"{PROOF} dcterms:type t:oral",
     f"{PROOF} dcterms:type t:oral", ""),
    ("one kind of two", "assessment", DIFFERENT, "shared",
     f"{PROOF} dcterms:type t:oral, t:written", f"{PROOF} dcterms:type t:oral", ""),
    ("one kind against words", "assessment", INCOMPARABLE, "national-types",
     f"{PROOF} dcterms:type t:oral", f'{PROOF} dcterms:title "Exam"@en', ""),
    ("assessment in words", "assessment", INCOMPARABLE, "other-languages",
     f'{PROOF} dcterms:title "Exam"@en', f'{PROOF} dcterms:title "Épreuve"@fr', ""),
    ("units are assessed, the whole says nothing itself", "assessment", SAME, "equal-values",
     f"elm:hasPart <#u> . <#u> {PROOF} dcterms:type t:oral", f"{PROOF} dcterms:type t:oral", ""),
    ("a jury in words", "assessment", INCOMPARABLE, "national-types",
     note("assessment", "Jury of three"), f"{PROOF} dcterms:type t:oral", ""),
    ("same mode", "mode", SAME, "equal-values", "elm:mode t:online", "elm:mode t:online", ""),
    ("other mode", "mode", DIFFERENT, "other-values", "elm:mode t:online", "elm:mode t:work", ""),
    ("one language of two", "language", DIFFERENT, "shared", "dcterms:language lang:FIN, lang:SWE",
     "dcterms:language lang:SWE", ""),
    ("a shared part", "parts", DIFFERENT, "shared", "elm:hasPart <http://x/1>, <http://x/2>",
     "elm:hasPart <http://x/1>", ""),
    ("no parts", "parts", MISSING, "missing-second", "elm:hasPart <http://x/1>", REG, ""),
    ("units of two registers have no common names", "parts", INCOMPARABLE, "parts-elsewhere",
     "elm:hasPart <http://x/1>", "elm:hasPart <http://y/1>", ""),
    ("part of one whole", "wholes", SAME, "equal-values", "elm:isPartOf <http://x/w>",
     "elm:isPartOf <http://x/w>", ""),
]  # fmt: skip


def judged(key: str, a: str, b: str, on: str) -> Row:
    sides = world.facts(a=a, b2=b)
    day = date.fromisoformat(on or "2025-06-01")
    found = compare.compare(sides, purpose="work", on=day)
    return next(row for row in found.rows if row.key == key)


@pytest.mark.parametrize(
    ("key", "verdict", "code", "a", "b", "on"),
    [line[1:] for line in TABLE],
    ids=[line[0].replace(" ", "-") for line in TABLE],
)
def test_each_pair(key: str, verdict: str, code: str, a: str, b: str, on: str) -> None:
    row = judged(key, a, b, on)
    (judgement,) = row.judgements
    assert (judgement.verdict.value, judgement.reason.code) == (verdict, code)


def test_the_table_is_large_and_has_every_verdict_and_dimension() -> None:
    assert len(TABLE) >= 60
    assert {line[2] for line in TABLE} == {verdict.value for verdict in Verdict}
    sides = world.facts(a="elm:EQFLevel eqf:4", b2="elm:EQFLevel eqf:4")
    rows = compare.compare(sides, purpose="work", on=date(2025, 1, 1)).rows
    keys = {line[1] for line in TABLE}
    assert {row.dimension for row in rows} == set(compare.DIMENSIONS)
    for dimension in compare.DIMENSIONS:
        assert keys & {row.key for row in rows if row.dimension == dimension}, dimension


def test_every_reason_that_the_engine_gives_is_in_the_table() -> None:
    """A new reason needs a reviewed pair; those of symmetry come with the property tests."""
    from qcp_graph.server.pages.comparison.words import REASONS

    unreviewed = {"level-other", "points-less", "quality-accreditation-over", "status-draft"}
    unreviewed |= {"outcomes-same-skills"}
    unreviewed |= {"on-date", "here-accredited", "here-accreditation-over"}  # of a cell, below
    assert set(REASONS) - {line[3] for line in TABLE} == unreviewed


@pytest.mark.parametrize(
    ("key", "about", "on", "concluded"),
    [
        ("status", f"{REG} ; {since('2015-01-01')}", "2014-01-01", ("on-date", "not-yet")),
        ("status", f"{REG} ; {since('2015-01-01')}", "2016-01-01", ("on-date", "in-force")),
        ("status", until("2020-01-01"), "2025-06-01", ("on-date", "ended")),
        ("accreditation", f"{ACC} {GIVEN}", "2025-06-01", ("here-accredited",)),
        ("accreditation", f'{ACC} elm:expiryDate "2020-01-01"^^xsd:date', "2025-06-01",
         ("here-accreditation-over",)),
    ],
)  # fmt: skip
def test_a_cell_says_what_its_dates_mean_even_where_the_other_source_is_silent(
    key: str, about: str, on: str, concluded: tuple[str, ...]
) -> None:
    row = judged(key, about, "elm:EQFLevel eqf:4", on)
    reason = row.cells[0].concluded
    assert reason is not None
    assert (reason.code, *(text for _, text in reason.values)) == concluded
    assert row.judgements[0].verdict is Verdict.NOT_PROVIDED
    assert row.cells[1].concluded is None


def test_a_unit_without_a_record_of_its_own_has_that_of_its_whole() -> None:
    unit = f"<{world.BASE}id/qualification/xx/demo/a/1>"
    held = world.store(
        a=f"elm:hasPart {unit} ; qcp:country country:FIN . {unit} a elm:Qualification ; "
        f'elm:isPartOf <> ; dcterms:title "Unit"@en'
    )
    facts = gather(held, unit.strip("<>"), world.BASE)
    assert (facts.side.key, facts.side.locator, facts.side.seen) == ("a", "row 1", "2025-01-01")
    assert facts.side.register.endswith("/id/register/xx/demo")
    other = gather(held, world.iri("a"), world.BASE)
    rows = compare.compare([facts, other], purpose="work", on=date(2025, 6, 1)).rows
    (country,) = (row for row in rows if row.key == "country")
    assert country.judgements[0].verdict is Verdict.SAME
    assert country.cells[0].statements[0].said.where == facts.side.record
