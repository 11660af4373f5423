"""One step of a transformation: a function or a look-up, and what it reports."""

from collections.abc import Callable

from qcp_graph.mapping import functions
from qcp_graph.mapping.codelists import CodeList, normal
from qcp_graph.mapping.frames import Frame, RejectedError, Texts
from qcp_graph.mapping.nodes import Place
from qcp_graph.mapping.spec import UNLISTED, Step

Apply = Callable[[Frame, Texts], Texts]


def function_step(
    call: Callable[..., functions.Result], function: functions.Function, place: Place, label: str
) -> Apply:
    """Return a step that calls a function; a value it does not understand becomes an issue."""
    rule = str(place)

    def failed(frame: Frame, text: str, error: ValueError) -> None:
        frame.run.issue(
            "QCP-MAP-VALUE", f"The value {error} (function {function.name}).", field=label,
            rule=rule, value=text, remedy="Correct the value at the source; it was left out.",
        )  # fmt: skip

    def each(frame: Frame, values: Texts) -> Texts:
        found: list[str] = []
        for text in values:
            try:
                result = call(text)
            except ValueError as error:
                failed(frame, text, error)
                continue
            if isinstance(result, str):
                if result and not result.isspace():
                    found.append(result)
            elif result:
                found.extend(result)
        return found

    def together(frame: Frame, values: Texts) -> Texts:
        try:
            result = call(values)
        except ValueError as error:
            failed(frame, "; ".join(values), error)
            return ()
        return [result] if isinstance(result, str) else (result or ())

    return together if function.whole else each


def lookup_step(codes: CodeList, step: Step, label: str) -> Apply:
    """Return a step that looks words up; the policy of the list decides about unknown ones."""
    spec = codes.spec
    rule = str(step.place)
    name = f"framework {spec.levels}" if spec.levels else f"code list {spec.file}"

    if step.arguments.get(UNLISTED):
        return lambda frame, values: [text for text in values if codes.find(text) is None]

    def lookup(frame: Frame, values: Texts) -> Texts:
        found: list[str] = []
        for text in values:
            targets = codes.find(text)
            if targets is None:
                found.extend(missing(frame, text))
            elif targets:
                found.extend(targets)
            elif codes.ambiguous:
                several(frame, text)
        return found

    def missing(frame: Frame, text: str) -> Texts:
        if spec.missing == "keep":
            return (text,)
        reject = spec.missing == "reject"
        noted = "; the word is kept as a note" if spec.missing == "note" else ""
        frame.run.issue(
            "QCP-MAP-CODE", f"The {name} has no entry for this value{noted}.",
            severity="violation" if reject else "warning", field=label, rule=rule, value=text,
            remedy="Add it to the code list, or correct it at the source.",
        )  # fmt: skip
        if reject:
            raise RejectedError
        return ()

    def several(frame: Frame, text: str) -> None:
        numbers = codes.ambiguous.get(normal(text, spec.casefold), ())
        if numbers:
            frame.run.issue(
                "QCP-MAP-LEVEL",
                f"The level stands for several EQF levels ({', '.join(numbers)}); none was chosen.",
                field=label, rule=rule, value=text,
                remedy="Keep the source's own words in qcp:sourceLevel.",
            )  # fmt: skip

    return lookup
