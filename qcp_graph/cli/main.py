"""``qcp``: the entry point. Data goes to standard output, messages to standard error.

Exit codes: 0 ok, 1 problems in the data, 2 wrong usage or settings, 3 internal error.
"""

import importlib
import sys

import click

from qcp_graph import __version__
from qcp_graph.cli.context import common_options

_COMMANDS = {
    "build": "Map, validate, link and publish registers as a new release.",
    "compare": "Compare qualifications, every line with its source.",
    "demo": "Build the specimen registers and serve them.",
    "doctor": "Check the installation, the settings and the live release.",
    "esco": "Import, list, compare and search versions of ESCO.",
    "evaluate": "Measure linking on labelled texts.",
    "export": "Write a register in the form of another system (Europass, …).",
    "fields": "Assign fields of education (ISCED-F), and train a classifier of them.",
    "fetch": "Take a snapshot of what a register publishes.",
    "harvest": "Read another site's event stream, OAI-PMH or dump as a source.",
    "link": "Link a register, or one text, to ESCO.",
    "map": "Map a register to RDF and print N-Quads.",
    "mapping": "Convert mappings between YARRRML, RML and spreadsheets, and run them.",
    "occupations": "Link national occupations to ESCO, and show the skills they ask for.",
    "ontology": "List and fetch the official vocabularies.",
    "quality": "Show how good the data of registers are.",
    "query": "Run a SPARQL query on the live release.",
    "release": "List, show, compare, publish and roll back releases.",
    "review": "Export suggested links for review, and import decisions.",
    "serve": "Serve the live release as a web site and SPARQL endpoint.",
    "source": "List, show and check the registers.",
    "validate": "Check a register or an RDF file with SHACL shapes.",
}


class _LazyGroup(click.Group):
    """Imports a command only when it runs, so that ``qcp --help`` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"qcp_graph.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(_COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        import difflib

        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], _COMMANDS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else " See qcp --help."
            ctx.fail(f"There is no command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 ok, 1 problems in the data, 2 wrong usage, 3 internal error.",
)
@click.version_option(__version__, prog_name="qcp")
@common_options
def main() -> None:
    """National qualification registers as comparable linked open data.

    \b
    qcp demo                                 build and serve the specimen registers
    qcp source list                          which registers there are
    qcp build gb-ofqual --input approved.csv publish a file of your own
    qcp serve                                serve what was built
    """


def run() -> None:
    """Run the command line and turn every error into a message and an exit code."""
    from qcp_graph.errors import QcpError

    try:
        code = main(standalone_mode=False, prog_name="qcp")
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code if isinstance(error, click.UsageError) else 3)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except QcpError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of our output (head, less) went away
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        click.echo(f"Error: {error.strerror}: {error.filename or ''} (QCP-SYS-OS)", err=True)
        sys.exit(3)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    run()
