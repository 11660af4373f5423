"""Mapping engines side by side: ``python -m tests.benchmarks.engines [--records N …]``.

Ours, a generator written by hand, and morph-kgc (pinned, in an environment of its own) turn the
same files into N-Quads, each in a process of its own, from the file to the written file. Outputs
are compared triple for triple; CPU seconds, peak memory and their ratios are printed.
"""

import argparse
import filecmp
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.engines import measure, morph, register
from tests.benchmarks.engines.measure import Measured

ENGINES = ("ours", "by_hand", "morph")
# What is asked of our engine: times faster than morph-kgc at the least, by format.
WANTED = {"csv": 4, "json": 15, "xml": 60}
BY_HAND = 1.5


@dataclass
class Bench:
    """A folder for data and outputs, and which engines run up to how many records."""

    folder: Path
    repeat: int
    morph: Path | None
    most: dict[str, int]
    engines: Sequence[str] = ENGINES
    left_out: list[str] = field(default_factory=list)

    def compare(self, form: str, count: int) -> None:
        """Measure every engine on one file and print a line each."""
        source = self._data(form, count)
        found: dict[str, Measured] = {}
        outputs: dict[str, Path] = {}
        for engine, python in self._engines(form, count):
            target = self.folder / f"{engine}-{form}-{count}.nq"
            if measured := self._best(engine, python, form, source, target):
                found[engine] = measured
                outputs[engine] = measure.canonical(target)
        for engine, measured in found.items():
            rate = count / measured.seconds
            print(
                f"{form:5}{count:>10,}  {engine:8}{measured.seconds:>10.2f} CPU-s"
                f"{rate:>10,.0f} records/s{measured.memory:>10.0f} MB", flush=True,
            )  # fmt: skip
        self._verdict(form, found, outputs)
        for path in outputs.values():
            path.unlink()

    def warm(self, form: str) -> None:
        """Run the engines once on a few records."""
        target = self.folder / "warm.nq"
        for engine, python in self._engines(form, 10):
            measure.run(measure.command(engine, python, form, self._data(form, 10), target))

    def _data(self, form: str, count: int) -> Path:
        path = self.folder / f"register-{count}.{form}"
        if not path.is_file():
            part = path.with_suffix(".part")
            register.write(form, part, count)
            part.rename(path)
        return path

    def _engines(self, form: str, count: int) -> Iterator[tuple[str, Path]]:
        for engine in ENGINES[:2]:
            if engine in self.engines:
                yield engine, Path(sys.executable)
        if self.morph is not None and count <= self.most[form]:
            yield "morph", self.morph
        elif self.morph is not None:
            self.left_out.append(f"morph-kgc on {count:,} records of {form}")

    def _best(
        self, engine: str, python: Path, form: str, source: Path, target: Path
    ) -> Measured | None:
        """The least time of several runs: what else the machine does only adds to it."""
        found: list[Measured] = []
        for _ in range(1 if engine == "morph" else self.repeat):
            measured = measure.run(measure.command(engine, python, form, source, target))
            if measured is None:
                self.left_out.append(f"{engine} on {source.name}: it failed")
                return None
            found.append(measured)
        return min(found, key=lambda one: one.seconds)

    def _verdict(self, form: str, found: dict[str, Measured], outputs: dict[str, Path]) -> None:
        ours, paths = found.get("ours"), list(outputs.values())
        if ours is None:
            return
        equal = all(filecmp.cmp(paths[0], path, shallow=False) for path in paths[1:])
        text = f"{measure.lines(outputs['ours']):,} triples, "
        text += "all outputs equal" if equal else "OUTPUTS DIFFER"
        if "by_hand" in found:
            ratio = ours.seconds / found["by_hand"].seconds
            text += f"; {ratio:.2f} times a hand-written generator (wanted ≤ {BY_HAND})"
        if "morph" in found:
            faster = found["morph"].seconds / ours.seconds
            smaller = found["morph"].memory / ours.memory
            text += f"; {faster:.1f} times faster than morph-kgc (wanted ≥ {WANTED[form]})"
            text += f", {smaller:.1f} times less memory"
        print(f"      → {text}", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what the options ask for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.engines", description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--formats", nargs="+", choices=register.FORMATS, default=register.FORMATS)
    parser.add_argument("--folder", type=Path, default=Path("build/bench"))
    parser.add_argument("--repeat", type=int, default=3, help="runs of ours and by hand")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=ENGINES)
    parser.add_argument("--morph-most", type=int, default=100_000, help="records of CSV and JSON")
    parser.add_argument("--morph-most-xml", type=int, default=10_000, help="records of XML")
    chosen = parser.parse_args(arguments)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    python = None
    if "morph" in chosen.engines:
        python = morph.environment(chosen.folder.resolve() / "morph-kgc")
    most = dict.fromkeys(register.FORMATS, chosen.morph_most) | {"xml": chosen.morph_most_xml}
    bench = Bench(chosen.folder.resolve(), chosen.repeat, python, most, chosen.engines)
    if "morph" in chosen.engines and python is None:
        bench.left_out.append("morph-kgc: it could not be installed")
    for form in chosen.formats:  # so that modules are compiled and files of modules in memory
        bench.warm(form)
    for count in chosen.records:
        for form in chosen.formats:
            bench.compare(form, count)
    if bench.left_out:
        print(f"left out: {'; '.join(bench.left_out)}")


if __name__ == "__main__":
    main()
