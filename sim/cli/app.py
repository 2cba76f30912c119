"""The command ``spheres``. A command is one line in COMMANDS and one file in this folder.

That file holds a function ``command`` with Typer options and imports what is heavy inside it; it
is imported only when its command is called, so ``spheres --help`` stays quick.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from sim import __version__, interrupt
from sim.errors import SpheresError

#: Command -> (module that holds ``command``, what help says). In the order help shows them.
COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("sim.cli.init", "Write a new, commented scenario file."),
    "validate": ("sim.cli.validate", "Check a scenario, and the seed tables with --seeds."),
    "schema": ("sim.cli.schema", "Print the JSON Schema of scenario files."),
    "params": ("sim.cli.params", "List every number: value, unit, range, source, confidence."),
    "diff": ("sim.cli.diff", "Show how two scenarios differ."),
    "run": ("sim.cli.run", "Run a scenario over many replicates, into a run folder."),
    "compare": ("sim.cli.compare", "Show what policies or scenarios change, with the same luck."),
    "sweep": ("sim.cli.sweep", "Run a designed set of points; resumable, here or on a cluster."),
    "verify": ("sim.cli.verify", "Recompute the checksums of a run or sweep folder."),
    "replay": ("sim.cli.replay", "Run a point of a sweep again and compare it bit by bit."),
    "hindcast": ("sim.cli.hindcast", "Score the model on 2023 to today, beside naive rivals."),
    "calibrate": ("sim.cli.calibrate", "Fit the baseline to measured figures."),
    "claims": ("sim.cli.claims", "List what the seed documents claim and what tests it."),
    "explain": ("sim.cli.explain", "Print why an economy chose as it did in a month."),
    "plot": ("sim.cli.plot", "Draw the charts of a run folder."),
    "serve": ("sim.cli.serve", "Open the live page: move a lever, see the world answer."),
    "report": ("sim.cli.report", "Write one self-contained HTML file about one run or several."),
    "bench": ("sim.cli.bench", "Measure the speed of the engines on this machine."),
}

DEBUG = "SPHERES_DEBUG"


class Command(TyperCommand):
    """A command whose words are read as a shell's user means them, however they were passed on."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - Typer's types
        """``-o=x`` is ``-o x``; ``~`` is the home folder also where the shell left it alone."""
        short = {
            word
            for option in self.params
            for word in option.opts
            if len(word) == 2 and not getattr(option, "is_flag", False)
        }
        rest = super().parse_args(ctx, _split(args, short))
        for name, value in ctx.params.items():
            ctx.params[name] = _at_home(value)
        return rest


def _split(args: list[str], short: set[str]) -> list[str]:
    found: list[str] = []
    for k, word in enumerate(args):
        if word == "--":
            return found + args[k:]
        if word[:2] in short and word[2:3] == "=":
            found += [word[:2], word[3:]]
        else:
            found.append(word)
    return found


def _at_home(value: Any) -> Any:  # noqa: ANN401 - any option's value
    if isinstance(value, list | tuple):
        return type(value)(_at_home(one) for one in value)
    if not isinstance(value, str | Path) or str(value).partition("/")[0] != "~":
        return value
    try:
        path = Path(value).expanduser()
    except RuntimeError:
        text = f"'{value}': no home folder is known; write the path in full"
        raise typer.BadParameter(text) from None
    return type(value)(path)


class LazyCommands(TyperGroup):
    """Knows its commands by name and imports one only to run it or to show its own help."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - handed through to Typer
        super().__init__(**options)
        for name, (_, summary) in COMMANDS.items():
            self.add_command(TyperCommand(name, help=summary), name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - Typer's types
        """The stub that help lists is replaced by the real command."""
        name, stub, rest = super().resolve_command(ctx, args)
        return name, stub if name is None else real_command(name), rest


def real_command(name: str) -> Any:  # noqa: ANN401 - Typer's own command class
    """Import the file of a command and let Typer read its options."""
    module, summary = COMMANDS[name]
    single = typer.Typer(add_completion=False, rich_markup_mode="rich")
    single.command(name, cls=Command, help=summary)(import_module(module).command)
    return typer.main.get_command(single)


app = typer.Typer(
    cls=LazyCommands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def spheres(
    version: bool = typer.Option(False, "--version", help="Print the version.", is_eager=True),
) -> None:
    """Which AI systems do the world's economies come to rely on, and what would change it?"""
    if version:
        print(__version__)
        raise typer.Exit


def main() -> None:
    """Run the command line; every failure is one line on stderr and an exit code."""
    with interrupt.watched():
        try:
            _run()
        except KeyboardInterrupt:
            interrupt.end()


def _run() -> None:
    """Raises KeyboardInterrupt after Ctrl-C, whatever the command made of it; SystemExit else."""
    try:
        app(prog_name="spheres")
    except (Exception, SystemExit) as error:
        if interrupt.asked():
            raise KeyboardInterrupt from None
        if isinstance(error, SpheresError):
            _fail(error, str(error), error.exit_code)
        if isinstance(error, OSError) and error.filename is not None:
            reason = (error.strerror or type(error).__name__).lower()
            _fail(error, f"{error.filename}: cannot be read or written: {reason}.", 3)
        if isinstance(error, Exception):
            _unexpected(error)
        raise


def _unexpected(error: Exception) -> None:
    text = " ".join(str(error).split())
    hint = f"Set {DEBUG}=1 for the traceback"
    _fail(error, f"unexpected {type(error).__name__}: {text}. {hint}.", 1)


def _fail(error: Exception, text: str, code: int) -> None:
    if os.environ.get(DEBUG):
        raise error
    sys.stdout.flush()
    print(f"spheres: {text}", file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()
