"""How the command ends: done, refused in one sentence, interrupted, or cut short by a closed pipe."""

from __future__ import annotations

import _thread
import errno
import os
import sys
import threading
from difflib import get_close_matches
from io import TextIOWrapper
from typing import Any, NoReturn

import click

from sim.errors import CatfishError

FAILED = 2
INTERRUPTED = 130
#: What a program ends with that a closed pipe ends.
PIPE_CLOSED = 141
#: Troubles with disks and folders, which a person can mend.
_MENDABLE = (errno.EACCES, errno.EDQUOT, errno.EFBIG, errno.ENOSPC, errno.EPERM, errno.EROFS)


class CommandGroup(click.Group):
    """Commands that say in one sentence on stderr what is wrong, without usage and traceback."""

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run a command and exit: 0 done, 1 as the command says, 2 refused, 130 interrupted, 141 nobody reads on."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):  # Chinese, and file names, on a terminal that cannot show them
                stream.reconfigure(errors="backslashreplace")
        sys.unraisablehook = _interrupt_again
        sys.exit(self._outcome(*args, **{**extra, "standalone_mode": False, "prog_name": "catfish"}))

    def _outcome(self, *args: Any, **extra: Any) -> int:
        try:
            code = super().main(*args, **extra)
            sys.stdout.flush()
        except click.UsageError as error:
            command = error.ctx.command_path if error.ctx else "catfish"
            return _refuse(f"{_sentence(error.format_message())} (see {command} --help)")
        except click.ClickException as error:
            return _refuse(error.format_message())
        except CatfishError as error:
            return _refuse(str(error))
        except (KeyboardInterrupt, click.Abort):
            return INTERRUPTED
        except OSError as error:
            if error.errno == errno.EPIPE:
                _hush()
                return PIPE_CLOSED
            if error.errno not in _MENDABLE:
                raise
            _hush()
            return _refuse(f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror))
        return code if isinstance(code, int) else 0

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a closed pipe is left to :meth:`main`, which click would end with 1."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            _hush()
            raise click.exceptions.Exit(PIPE_CLOSED) from None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; hint at the nearest name."""
        known = self.list_commands(ctx)
        if args[0] not in known:
            close = get_close_matches(args[0][:100], known, 1)
            hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}"
            ctx.fail(f"there is no command {args[0][:100]!r}; {hint}")
        return super().resolve_command(ctx, args)


def _interrupt_again(lost: Any) -> None:
    """Interrupt the command where Ctrl-C fell into a place from which Python lets no exception out (a destructor)."""
    if issubclass(lost.exc_type, KeyboardInterrupt):
        threading.Timer(0.1, _thread.interrupt_main).start()  # a moment later, outside of that place
    else:
        sys.__unraisablehook__(lost)


def _sentence(text: str) -> str:
    """Return click's message as one sentence, without its full stop."""
    return " ".join(text.split()).replace(". Did", "; did").rstrip(".")


def _refuse(message: str) -> int:
    """Print what is wrong."""
    try:
        click.echo(f"catfish: {' '.join(message.split())}", err=True)
    except OSError:  # nobody listens
        _hush()
    return FAILED


def _hush() -> None:
    """Send what is still to be printed nowhere: Python would complain at exit that it could not."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
