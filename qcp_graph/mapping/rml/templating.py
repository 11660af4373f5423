"""What a template makes of an iteration: all combinations of the values of its references."""

from collections.abc import Callable, Sequence
from itertools import product

from qcp_graph.mapping.compile_values import MAX_COMBINATIONS
from qcp_graph.mapping.frames import Frame
from qcp_graph.mapping.rml.frames import Getter, Values, lexical

Encode = Callable[[str], str]


def combined(columns: Sequence[str | Getter], encode: Encode | None, rule: str) -> Getter:
    """Return a function that fills a template; ``encode`` makes each value safe in an IRI."""

    def value(frame: Frame) -> Values:
        """The common case: one value for each reference."""
        text = ""
        for column in columns:
            if isinstance(column, str):
                text += column
                continue
            found = column(frame)
            if len(found) != 1:
                return several(frame)
            one = found[0] if type(found[0]) is str else lexical(found[0])
            text += encode(one) if encode else one
        return (text,)

    def several(frame: Frame) -> Values:
        texts: list[Sequence[str]] = []
        total = 1
        for column in columns:
            if isinstance(column, str):
                texts.append((column,))
                continue
            found = [lexical(item) for item in column(frame)]
            if not found:
                return ()
            total *= len(found)
            texts.append([encode(text) for text in found] if encode else found)
        if total > MAX_COMBINATIONS:
            frame.run.issue(
                "QCP-MAP-VALUE", f"The template has {total} combinations of values; none is used.",
                severity="violation", rule=rule, remedy="Iterate over what repeats.",
            )  # fmt: skip
            return ()
        return ["".join(combination) for combination in product(*texts)]

    return value
