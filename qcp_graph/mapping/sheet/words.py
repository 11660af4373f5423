"""Well-known words for fields of a register, in several languages, and what they suggest.

A suggestion is a proposal to a person, never a mapping by itself: it needs a word that the field's
name holds, and values of the right kind.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

from qcp_graph.mapping.sheet.kinds import FieldProfile
from qcp_graph.mapping.sheet.targets import BY_NAME

# Phrases without accents, in the order of their weight among the targets.
WORDS: Final[Mapping[str, str]] = {
    "title": "title; name; qualification name; qualification title; intitule; libelle; titre; nom; "
    "bezeichnung; titel; abschluss; beruf; nimi; nombre; titulo; designacao; denominacion; "
    "denominazione; titolo; naziv; nazwa; navn; namn; naam; nosaukums; pavadinimas; denumire",
    "identifier": "number; qualification number; code; id; identifier; reference; ref; numero; "
    "numero fiche; nummer; nr; schluessel; kennung; codigo; codice; koodi; kood; tunnus; sifra; "
    "kod; kodas; kods; cod",
    "level": "level; nqf level; qualification level; niveau; stufe; nivel; livello; taso; nivo; "
    "razina; poziom; niva; tase; lygis; limenis; nivelul; uroven",
    "EQF level": "eqf; eqf level; niveau cec; cec; dqr eqr; eqr; mec; eqf taso; niveau europeen",
    "other name": "short name; short title; acronym; abbreviation; sigle; intitule court; abrege; "
    "kurzbezeichnung; sigla; lyhenne; alternative title; other name",
    "description": "description; summary; objective; purpose; overview; beschreibung; descripcion; "
    "descricao; descrizione; kuvaus; opis; objectif; beskrivelse; beskrivning; omschrijving",
    "field of education (ISCED-F)": "isced; isced f; iscedf; isced code; cite; cine; "
    "field of education",
    "category": "type; category; sector; subject; subject area; sector subject area; domain; "
    "domaine; secteur; specialite; qualification type; subcategory; bereich; fachrichtung; "
    "berufsfeld; area; ala; tutkintotyyppi; sektor; sector profesional; familia profesional; "
    "settore; family; field; typ; tipo; categorie; kategorie; nature",
    "kind of qualification": "kind; credential type",
    "partial qualification": "partial; partial qualification; part qualification; is partial",
    "status": "status; state; etat; statut; estado; stato; tila; zustand; stav; actif; active; "
    "registration status; situacao; statuss",
    "valid from": "valid from; first day; starts; start date; start; begin; effective date; "
    "operational start date; "
    "regulation start date; registration start date; date effet; date debut; gueltig ab; "
    "gultig ab; fecha inicio; data inicio; inicio; voimaantulo; from; inscription; "
    "vigencia desde; registered on",
    "valid until": "valid until; last day; ends; end date; end; expiry; expiry date; expiration; "
    "operational end date; registration end date; date fin; fin enregistrement; gueltig bis; "
    "gultig bis; fecha fin; data fim; fim; until; to; voimassaolo; vigencia hasta; valid to",
    "last day of enrolment": "last date for enrolment; last enrolment; enrolment end date; "
    "last enrolment date; date derniere inscription",
    "last day of award": "last date for achievement; last award; certification end date; "
    "last achievement date; date limite delivrance; date derniere delivrance",
    "day of decision": "decision date; date decision; date of decision; approval date; "
    "accreditation date; entscheidung; paatos; date arrete",
    "first published": "publication date; published; date publication; date of publication; "
    "created; creation date; date creation; date parution; veroeffentlicht; julkaistu",
    "last changed": "last updated; modified; updated; last modified; date modification; "
    "date maj; aenderungsdatum; stand; muokattu; last change; actualizado",
    "volume of learning": "hours; notional hours; total qualification time; tqt; learning hours; "
    "duration; duree; dauer; duracion; carga horaria; horas; volume horaire; ore; kesto; "
    "nombre heures; study load; workload",
    "credit points": "credits; credit; ects; credit points; credit value; leistungspunkte; "
    "osaamispisteet; laajuus; creditos; crediti; minimum credits; punkte",
    "awarding body": "awarding organisation; awarded by; certified by; awarding body; "
    "awarding organization; "
    "awarding institution; certificateur; certificateurs nom; certifier; issuer; issuing body; "
    "zustaendige stelle; organismo; entidade; entidade certificadora; ente; originator; provider; "
    "awarding organisation name; owner organisation; myontaja; autorite; ministere",
    "awarding body: homepage": "organisation url; organization url; awarding organisation url; "
    "awarding body url; certificateur site; provider url; site internet",
    "awarding body: identifier": "siret; awarding organisation number; organisation id; "
    "awarding body id; organisation number; body reg; y tunnus; body id; provider id",
    "homepage": "url; link; web; website; homepage; web page; weblink; lien; page; enlace; sivu; "
    "lien url",
    "document": "document; pdf; supplement; specification; annex; specification url; anhang",
    "learning outcome": "learning outcomes; learning outcome; outcome; outcomes; acquis; "
    "capacites; competences; competencies; kompetenzen; lernergebnisse; "
    "resultados de aprendizagem; resultados; resultados aprendizaje; osaaminen; "
    "ammattitaitovaatimukset; competenze; efekty",
    "learning outcomes as one text": "activites visees; capacites attestees; outcomes summary",
    "entry requirement": "entry requirements; entry requirement; prerequisites; prerequis; "
    "zugangsvoraussetzung; requisitos; conditions acces; admission; entry; acces; ingresso",
    "language": "language; langue; sprache; idioma; lingua; kieli; language of instruction; "
    "languages; suorituskieli; jezik; jezyk; sprak",
    "mode": "mode; delivery mode; mode of study; modalite; modalidade; form of learning",
    "assessment": "assessment; assessment methods; evaluation; evaluacion; pruefung; avaliacao; "
    "modalites evaluation; valutazione; arviointi",
    "unit": "units; unit; unit title; module; modules; unidade; unidades; bloc; blocs; bloc title; "
    "tutkinnon osa; moduuli; block",
    "replaces": "replaces; predecessor; supersedes; ancienne certification; replaced",
    "replaced by": "replaced by; superseded by; successor; nouvelle certification",
    "note": "notes; note; comment; comments; remark; remarks; observation; bemerkung; huomautus; "
    "observacoes; commentaire",
}
KEY_WORDS: Final = WORDS["identifier"]
# kinds of values that a target's kind needs; others take any
_FITTING: Final[Mapping[str, Sequence[str]]] = {
    "date": ("date", "year", "milliseconds"),
    "url": ("web address",),
    "duration": ("number", "text", "word"),
    "boolean": ("yes or no",),
}
# Languages that end names of fields; "no" and "fin" are other words too often.
_LANGUAGES: Final = frozenset(
    re.findall(
        r"\w+",
        "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl nb nn pl pt ro ru se sk sl "
        "sr sv sw tr uk cy eng fra deu swe",
    )
)
# targets whose values are numbers, or are words
_NUMBERS: Final = frozenset({"credit points"})
_WORDS_ONLY: Final = frozenset({"title", "other name", "description", "awarding body", "category"})


def tokens(name: str) -> list[str]:
    """Return the words of a field's name, without accents.

    >>> tokens("AwardingOrganisationURL"), tokens("DATE_FIN_VALIDITÉ"), tokens("a/@idBody")
    (['awarding', 'organisation', 'url'], ['date', 'fin', 'validite'], ['a', 'id', 'body'])
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", plain)
    return re.findall(r"[^\W_]+", spaced.casefold())


def language(name: str) -> str:
    """Return the language that ends a field's name, empty where none does.

    >>> language("TITLE_EN"), language("nimi.fi"), language("QualificationNo"), language("fi")
    ('en', 'fi', '', '')
    """
    words = tokens(name)
    return words[-1] if len(words) > 1 and words[-1] in _LANGUAGES else ""


def suggest(profile: FieldProfile) -> tuple[str, float]:
    """Return the likeliest target and how well it fits (0 to 1); empty where no word tells."""
    if not profile.values or profile.kind.endswith("always the same"):
        return "", 0.0
    best, chosen = 0.0, ""
    for name, phrases in WORDS.items():
        if not _fits(name, profile):
            continue
        score = max(_score(phrase, profile.name) for phrase in phrases.split("; "))
        if score > best:
            best, chosen = score, name
    return (chosen, best) if best >= 0.5 else ("", 0.0)


def _score(phrase: str, name: str) -> float:
    """Return how much of a field's name a phrase covers; its last part counts most."""
    whole = tokens(name)
    last = tokens(re.split(r"[./](?!\s)", name.replace("\\.", " "))[-1])
    if language(name):
        whole = whole[:-1]
        last = last[:-1] or whole[-1:]
    wanted = phrase.split()
    for words, weight in ((last, 1.0), (whole, 0.8)):
        for start in range(len(words) - len(wanted) + 1):
            if words[start : start + len(wanted)] == wanted:
                # Of two phrases that cover as much, the one at the end names the thing.
                return weight * (len(wanted) / len(words)) + 0.05 * (
                    start + len(wanted) == len(words)
                )
    return 0.0


def _fits(name: str, profile: FieldProfile) -> bool:
    target = BY_NAME[name]
    kind = profile.kind
    wanted = _FITTING.get(target.kind)
    if wanted is not None:
        return kind.startswith(tuple(wanted))
    if kind.startswith(("date", "web address", "e-mail")):
        return False
    if name in _NUMBERS:
        return kind.startswith("number")
    if name in _WORDS_ONLY:
        return not kind.startswith(("number", "yes or no", "year", "language"))
    return not (kind.startswith("yes or no") and target.kind != "boolean")


def is_key_name(name: str) -> float:
    """Return how much a field's name looks like that of a record's number."""
    return max(_score(phrase, name) for phrase in KEY_WORDS.split("; "))
