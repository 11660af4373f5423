"""Fits the weights of the linker anew and writes them into the package.

``python tests/benchmarks/fit_linking.py HOME SENTENCES... --national FILE``: HOME holds imported
versions of ESCO (``--english`` and ``--others`` name them); SENTENCES are data sets for English,
each counting alike, FILE the national competences for other languages. Forms: docs/linking.md.
"""

import argparse
import json
from pathlib import Path

from qcp_graph.linking.esco import open_version
from qcp_graph.linking.evaluation import fitting, read
from qcp_graph.linking.rank import Weights, lexical, open_ranker, weighting
from qcp_graph.linking.semantic import vectors
from qcp_graph.linking.semantic.encoder import Encoder, find_model

OTHERS = [*lexical.FEATURES, *lexical.FOREIGN]
# Sentences of one domain teach words of that domain; thousands of short labels do not.
SENTENCES = 500  # of each set that only calibrates
PENALTIES = {"sentences": 0.1, "labels": 0.01}


def main() -> None:
    """Fit both tiers and write ``weights.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("sentences", type=Path, nargs="+")
    parser.add_argument("--national", type=Path, required=True)
    parser.add_argument("--calibration", type=Path, nargs="*", default=[],
                        help="further sentences, for probabilities alone")  # fmt: skip
    parser.add_argument("--english", default="1.1.0")
    parser.add_argument("--others", default="1.1.1")
    parser.add_argument(
        "--national-probabilities", action="store_true",
        help="keep all weights; calibrate those of the national competences",
    )  # fmt: skip
    parser.add_argument(
        "--only-english", action="store_true", help="keep the weights of all other languages"
    )
    given = parser.parse_args()
    if given.national_probabilities:
        _probabilities(given)
        return
    if given.only_english:
        known = {
            tier: {language: Weights(**one) for language, one in languages.items()}
            for tier, languages in json.loads(weighting.FILE.read_text("utf-8")).items()
        }
        _english(given, known)
        weighting.FILE.write_text(json.dumps(fitting.as_json(known), indent=1) + "\n")
        return
    fitted: dict[str, dict[str, Weights]] = {"core": {}, "semantic": {}}
    _national(given, fitted["core"])
    _english(given, fitted)
    weighting.FILE.write_text(json.dumps(fitting.as_json(fitted), indent=1) + "\n")


def _national(given: argparse.Namespace, core: dict[str, Weights]) -> None:
    with open_version(given.home, given.others) as catalogue:
        queries, _ = read(given.national, catalogue)
        sets = []
        for language in sorted({query.language for query in queries}):
            ranker = open_ranker(catalogue, language)
            mine = [query for query in queries if query.language == language]
            sets.append(fitting.examples(ranker, mine, OTHERS))
            core[language] = fitting.fit(sets[-1:], PENALTIES["labels"])
        core["other"] = fitting.fit(sets, PENALTIES["labels"])


def _probabilities(given: argparse.Namespace) -> None:
    known = json.loads(weighting.FILE.read_text(encoding="utf-8"))
    with open_version(given.home, given.others) as catalogue:
        queries, _ = read(given.national, catalogue)
        sets = []
        for language in sorted({query.language for query in queries}):
            ranker = open_ranker(catalogue, language)
            mine = [query for query in queries if query.language == language]
            sets.append(fitting.examples(ranker, mine, OTHERS))
            weights = weighting.weights("core", language)
            known["core"][language] = vars(fitting.calibrate(weights, sets[-1:]))
        other = weighting.weights("core", "other")
        known["core"]["other"] = vars(fitting.calibrate(other, sets))
    weighting.FILE.write_text(json.dumps(known, indent=1) + "\n")


def _english(given: argparse.Namespace, fitted: dict[str, dict[str, Weights]]) -> None:
    encoder = Encoder(find_model(None), given.home / "models", threads=2)
    with open_version(given.home, given.english) as catalogue:
        sets = [read(path, catalogue)[0] for path in given.sentences]
        for tier, used, more in (
            ("core", None, []),
            ("semantic", encoder, list(vectors.FEATURES)),
        ):
            ranker = open_ranker(catalogue, "en", used)
            names = [*lexical.FEATURES, *lexical.PREFERRED, *more]
            found = [fitting.examples(ranker, one, names) for one in sets]
            weights = fitting.fit(found, PENALTIES["sentences"], first=False)
            found += [
                fitting.examples(
                    ranker, read(path, catalogue)[0][:SENTENCES], list(weights.features)
                )
                for path in given.calibration
            ]
            fitted[tier]["en"] = fitting.calibrate(weights, found, first=False)
        fitted["semantic"]["other"] = fitted["semantic"]["en"]


if __name__ == "__main__":
    main()
