"""What becomes of a record that cannot be mapped: rejected, with the issue that says why."""

from qcp_graph.mapping.frames import Run
from qcp_graph.mapping.nodes import Place
from qcp_graph.mapping.spec import Input
from qcp_graph.model.record import MappedRecord


def rejected(run: Run) -> MappedRecord:
    """A record whose issues say already why it is none."""
    issues = tuple(dict.fromkeys(run.issues))
    return MappedRecord(run.key, run.locator, "", issues=issues, rejected=True)


def no_key(run: Run, spec: Input) -> MappedRecord:
    """A record that cannot be found again."""
    fields = ", ".join(reference.text for reference in spec.key.references)
    run.issue(
        "QCP-MAP-KEY", "The record has no identifier, so it cannot be found again.",
        severity="violation", field=fields, rule=str(spec.place),
        remedy="Complete the identifier at the source.",
    )  # fmt: skip
    return rejected(run)


def out_of_scope(run: Run, spec: Input) -> MappedRecord:
    """A record that `where` excludes."""
    reject = spec.otherwise == "reject"
    run.issue(
        "QCP-MAP-SCOPE", "The record does not meet the conditions (`where`) of this source.",
        severity="violation" if reject else "info", rule=str(spec.place),
        remedy="Correct the record at the source." if reject else "None: it is out of scope.",
    )  # fmt: skip
    return rejected(run)


def no_subject(run: Run, place: Place, count: int) -> MappedRecord:
    """A record whose main mapping gives no subject, or several."""
    what = "no identifier of its own" if not count else f"{count} identifiers"
    run.issue(
        "QCP-MAP-SUBJECT", f"The record has {what}, where it needs one.", severity="violation",
        rule=str(place), remedy="Complete or correct the identifier at the source.",
    )  # fmt: skip
    return rejected(run)


def crashed(run: Run, error: Exception) -> MappedRecord:
    """A record that the program stumbled over."""
    run.issue(
        "QCP-MAP-CRASH",
        f"The record could not be processed: {type(error).__name__}: {error}"[:500],
        severity="violation",
        remedy="Please report this with the record: the program should have named the problem.",
    )  # fmt: skip
    return rejected(run)
