"""The weights of the features, fitted once on validation data and kept with the program."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

Tier = Literal["core", "semantic"]
FILE: Final = Path(__file__).with_name("weights.json")


@dataclass(frozen=True)
class Weights:
    """A linear score over features, and how a score becomes a probability.

    The probability of a candidate is the logistic function of ``intercept + slope * score +
    gap * (score - best score of the text)``; to that of the best one is added ``first + margin *
    (score - second score)``, where enough texts were there to learn it.
    """

    features: Mapping[str, float]
    intercept: float
    slope: float
    gap: float
    first: float = 0.0
    margin: float = 0.0


def weights(tier: Tier, language: str) -> Weights:
    """Return the weights of a tier for a language; languages without data of their own share one.

    >>> sorted(weights("core", "fi").features) == sorted(weights("core", "hu").features)
    True
    """
    known = _read()[tier]
    return known.get(language) or known["other"]


@lru_cache(maxsize=1)
def _read() -> dict[str, dict[str, Weights]]:
    content = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        tier: {language: Weights(**one) for language, one in languages.items()}
        for tier, languages in content.items()
    }
