"""Problems as text for a person: record by record, the worst first, each with what to do."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import click

from qcp_graph.cli.output import clean, note
from qcp_graph.pipeline.issue_words import Words, words

_ORDER: Final = ("violation", "warning", "info")
_TOGETHER: Final = 1_000  # problems of one record that are sorted; more follow as they come
_WIDTH: Final = 15


@dataclass
class _Blocks:
    """The problems of one record, until they are printed below its name."""

    said: Words
    name: str | None = None
    waiting: list[Mapping[str, str]] = field(default_factory=list)

    def take(self, problem: Mapping[str, str]) -> None:
        name = _name(problem, self.said)
        if name != self.name:
            self.flush()
            click.echo(name if self.name is None else f"\n{name}")
            self.name = name
        elif len(self.waiting) >= _TOGETHER:
            self.flush()
        self.waiting.append(problem)

    def flush(self) -> None:
        for problem in sorted(self.waiting, key=_rank):
            for line in _lines(problem, self.said):
                click.echo(line)
        self.waiting.clear()


@contextmanager
def blocks(language: str) -> Iterator[Callable[[Mapping[str, str]], None]]:
    """Yield a function that prints problems; those of one record must follow each other."""
    found = _Blocks(words(language))
    yield found.take
    found.flush()
    if found.name is None:
        note(found.said.none)


def _name(problem: Mapping[str, str], said: Words) -> str:
    """Return what stands above the problems of a record: its key, place and fate."""
    place = problem.get("locator", "")
    fate = said.shown("status", problem.get("status", "-"))
    told = [problem.get("record", "") or problem.get("source", ""), f"({place})" if place else ""]
    return clean(" ".join(filter(None, [*told, f"– {fate}" if fate != "-" else ""])))


def _rank(problem: Mapping[str, str]) -> tuple[int, str]:
    severity = problem.get("severity", "")
    known = severity in _ORDER
    return _ORDER.index(severity) if known else len(_ORDER), problem.get("field", "")


def _lines(problem: Mapping[str, str], said: Words) -> Iterator[str]:
    """Yield a problem in words, the value that has it, and what to do."""
    severity = said.shown("severity", problem.get("severity", ""))
    where = clean(problem.get("field", ""))
    head = f"{where}{said.colon}" if where else ""
    yield f"  {severity:<{_WIDTH}}{head}{clean(problem.get('message', ''))}"
    value = clean(problem.get("value", ""))
    indent = " " * (_WIDTH + 2)
    if value and value != clean(problem.get("record", "")):
        # Where something is missing, the value is the name of the node that lacks it.
        label = said.about if value.startswith("http") else said.columns["value"]
        yield f"{indent}{label}{said.colon}{value}"
    remedy = clean(problem.get("remedy", ""))
    yield f"{indent}→ {remedy} [{problem.get('code', '')}]"
