"""What every command shares: the common options and what they lead to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

import click

if TYPE_CHECKING:
    from qcp_graph.pipeline.progress import Progress
    from qcp_graph.settings import Settings

Form = Literal["text", "json", "jsonl", "csv", "xlsx", "html"]
_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass
class Common:
    """The common options; they may stand before or after the command's name."""

    home: Path | None = None
    workspace: Path | None = None
    form: Form = "text"
    quiet: bool = False
    jobs: int | None = None
    _settings: "Settings | None" = field(default=None, repr=False)

    @property
    def settings(self) -> "Settings":
        """The settings, read once; ``--home`` and ``--workspace`` win over file and environment."""
        if self._settings is None:
            from qcp_graph import logs, settings

            loaded = settings.load(home=self.home)
            if self.workspace is not None:
                loaded = loaded.model_copy(update={"workspace": self.workspace})
            if self.jobs is not None:
                loaded = loaded.model_copy(update={"jobs": self.jobs})
            logs.configure(loaded.log_level, loaded.log_format)
            self._settings = loaded
        return self._settings

    @property
    def progress(self) -> "Progress":
        """Progress bars on a terminal, silence elsewhere."""
        from qcp_graph.cli.progress import Bars
        from qcp_graph.pipeline.progress import Silent

        return Silent() if self.quiet else Bars()


def _keep(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def callback(ctx: click.Context, _: click.Parameter, value: Any) -> None:
        common = ctx.ensure_object(Common)
        if value is not None and value is not False:
            setattr(common, name, value)

    return callback


def common_options(command: _Command) -> _Command:
    """Add ``--home --workspace --format --quiet`` to a command."""
    return _options(command, ("text", "json"))


def listing_options(command: _Command) -> _Command:
    """Add the common options to a command that lists problems, in the forms of files too."""
    return _options(command, get_args(Form))


def link_options(command: _Command) -> _Command:
    """Add the common options to a command that prints links."""
    return _options(command, ("text", "json", "table", "sssom"))


def compare_options(command: _Command) -> _Command:
    """Add the common options to a command that prints comparisons."""
    return _options(command, ("text", "json", "csv", "html", "jsonld"))


def _options(command: _Command, forms: Sequence[str]) -> _Command:
    for decorate in (
        click.option(
            "--home",
            type=click.Path(path_type=Path, file_okay=False),
            expose_value=False,
            callback=_keep("home"),
            help="Folder of runtime state (QCP_HOME; default .qcp).",
        ),
        click.option(
            "--workspace",
            type=click.Path(path_type=Path, file_okay=False, exists=True),
            expose_value=False,
            callback=_keep("workspace"),
            help="Folder with registers, shapes and pages of your own (QCP_WORKSPACE).",
        ),
        click.option(
            "--format",
            type=click.Choice(forms),
            expose_value=False,
            callback=_keep("form"),
            help="How results are printed (default text).",
        ),
        click.option(
            "--quiet",
            "-q",
            is_flag=True,
            expose_value=False,
            callback=_keep("quiet"),
            help="No progress bars and no notes on standard error.",
        ),
    ):
        command = decorate(command)
    return command


def jobs_option(command: _Command) -> _Command:
    """Add ``--jobs`` to a command that works on the records of registers."""
    return click.option(
        "--jobs",
        type=click.IntRange(0, 256),
        expose_value=False,
        callback=_keep("jobs"),
        help="Processes that work on records; 0: all cores (QCP_JOBS; default 1).",
    )(command)


pass_common = click.make_pass_decorator(Common, ensure=True)
