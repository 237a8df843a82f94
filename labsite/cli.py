"""The commands: ``python -m labsite check`` and so on. What they do stands in other modules.

A command is one :class:`~labsite.command.Command` in :data:`COMMANDS`: name, words for ``--help``,
arguments, and the function that runs it. What is slow to import is imported there.
"""

from __future__ import annotations

import argparse
import gc
import io
import os
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from labsite.command import Command
from labsite.report import FORMATS, Progress, as_text, counts, has_colours, printable
from labsite.siteconfig import SiteError, find_site, load
from labsite.source import Source, SourceError
from labsite.writing import WRITING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labsite.entries import Bibliography
    from labsite.siteconfig import Data, Site

DONE: Final = 0
FOUND: Final = 1
WRONG_USE: Final = 2
FAILED: Final = 3


def main(argv: Sequence[str]) -> int:
    """Run a command and return the exit status.

    0 done, 1 findings or nothing done, 2 wrong use, 3 the answer could not be given.
    """
    for stream in (sys.stdout, sys.stderr):  # a terminal may not know every letter of a name
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        arguments = _parser().parse_args(argv)
    except SystemExit as left:  # --help, or an argument that is none
        return left.code if isinstance(left.code, int) else WRONG_USE
    gc.disable()  # most of what is read stays to the end
    try:
        with Progress() as progress:
            status: int = arguments.run(arguments, progress)
        sys.stdout.flush()
    except SiteError as error:
        print(printable(f"labsite {arguments.command}: {error}"), file=sys.stderr)
        return WRONG_USE
    except SourceError as error:
        print(printable(f"labsite {arguments.command}: {error}"), file=sys.stderr)
        return FOUND
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read has seen enough
        _forget_output()
        return FOUND
    except OSError as error:  # a full disk behind ">", a folder that may not be read
        _forget_output()
        where = f" {error.filename}:" if error.filename else ""
        print(f"labsite {arguments.command}:{where} {error.strerror or error}.", file=sys.stderr)
        return FAILED
    except Exception:
        traceback.print_exc()
        what = "This is a mistake of the program; please report it with the lines above."
        print(f"labsite {arguments.command}: {what}", file=sys.stderr)
        return FAILED
    return status


def _forget_output() -> None:
    """Let what is left of the answer go nowhere: it cannot be written."""
    with suppress(OSError, ValueError):  # a test's stream is no file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Parser(argparse.ArgumentParser):
    """Says of an option that is none how the command is called that it was given to."""

    def parse_known_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def]
        """Parse what is known; there must be nothing else."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return found, unknown


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m labsite",
        description="Keeps the data files of a website made with labsite.",
        epilog="Each command has a --help of its own. Exit status: 0 done, nothing found; "
        "1 findings, or nothing could be done; 2 wrong use; 3 the program failed.",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in COMMANDS:
        own = commands.add_parser(
            command.name, help=command.summary, description=command.description,
            epilog=command.examples, formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        command.arguments(own)
        own.add_argument(
            "--site", type=Path, metavar="FOLDER",
            help="the folder of conf.py (default: this one, or the nearest above)",
        )  # fmt: skip
        own.set_defaults(run=command.run)
    return parser


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--fix", action="store_true", help="mend what is safe, then tell the rest")
    parser.add_argument(
        "--format", choices=sorted(FORMATS), default="text", dest="output",
        help="text for people (default), json for programs, github for annotations",
    )  # fmt: skip


def _check(arguments: argparse.Namespace, progress: Progress) -> int:
    from labsite.keeper import findings

    site = find_site(arguments.site)
    progress.step("Reading the data files …")
    data = load(site)
    is_text = arguments.output == "text"
    mended = 0
    if arguments.fix and (mended := _fix(data, progress, sys.stdout if is_text else sys.stderr)):
        data = load(site)
    progress.step(f"Looking through {counts(len(data.entries), 'entry', 'entries')} …")
    found = findings(data)
    if is_text:
        said = as_text(found, len(data.entries), has_colours(sys.stdout), mended)
    else:
        said = FORMATS[arguments.output](found, len(data.entries))
    with progress.paused():
        sys.stdout.write(said)
    return FOUND if found else DONE


def _fix(data: Data, progress: Progress, stream: TextIO) -> int:
    """Mend what is safe, tell it, and return how much it was."""
    from labsite.fixes import fixes

    progress.step("Mending …")
    mended = 0
    for bib, source in zip(data.bibliographies, data.sources, strict=True):
        if source is None:
            continue
        done = fixes(source, bib.entries)
        source.save(source.edited(edit for fix in done for edit in fix.edits))
        mended += len(done)
        with progress.paused():
            for fix in done:
                place = f"{source.shown_as}:{fix.line}"
                said = f"{place}: mended: Entry {fix.key!r}: {fix.what}."
                print(printable(said), file=stream)
    return mended


def _format_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE",
        help="bib files (default: those that conf.py names)",
    )  # fmt: skip
    parser.add_argument(
        "--check", action="store_true", help="write nothing; say what is not in house style"
    )


def _format(arguments: argparse.Namespace, progress: Progress) -> int:
    from labsite.bib import parse_bib
    from labsite.house import HouseError, house_edits, left_alone

    before: Bibliography | None = None
    made: list[tuple[Source, bytes]] = []  # all are read before the first is written
    for path, shown in _bib_files(arguments):
        progress.step(f"Formatting {shown} …")
        source = Source.read(path, shown)
        try:
            new = source.edited(house_edits(source, before))
        except HouseError as error:
            raise SourceError(str(error)) from error
        with progress.paused():
            for told in left_alone(source, before):
                print(printable(told), file=sys.stderr)
        before = parse_bib(source.text, shown, before=before)
        if arguments.files and not before.entries:
            raise SourceError(f"{shown} has no entries, so there is nothing to format.")
        if new != source.raw:
            made.append((source, new))
    for source, new in made:
        if not arguments.check:
            source.save(new)
        with progress.paused():
            what = "not in house style" if arguments.check else "formatted"
            print(printable(f"{source.shown_as}: {what}."))
    return FOUND if arguments.check and made else DONE


def _bib_files(arguments: argparse.Namespace) -> list[tuple[Path, str]]:
    """Return the files to format, each once, and how messages name them."""
    if arguments.files:
        for path in arguments.files:
            if path.suffix.lower() != ".bib":
                raise SiteError(f"{path.as_posix()} is no bib file: its name must end in .bib.")
        named = [(path, path.as_posix()) for path in arguments.files]
    else:
        site: Site = find_site(arguments.site)
        named = [(site.root / name, site.shown(name)) for name in site.bib_files]
    once: dict[str, tuple[Path, str]] = {}
    for path, shown in named:
        once.setdefault(os.path.realpath(path), (path, shown))
    return list(once.values())


COMMANDS: Final = (
    Command(
        "check",
        "find what is wrong in the bibliography and among the people, with line and remedy",
        """\
Finds what is wrong with the bib files and people.yml, or likely to be: all that a build
warns of in them, and what only shows when entries are compared (duplicates, names and
venues written in two ways, preprints whose paper is there too) or takes care (capitals
that BibTeX makes small, pages, missing files).

Errors are wrong; warnings are only likely to be. What each means, and how to say that one
is right as it is: maintaining/keeper.md.""",
        """\
examples:
  python -m labsite check                     all findings, one a line
  python -m labsite check --fix               mend what is safe: braces around capitals,
                                              ranges of pages, bare DOIs, per cent signs
  python -m labsite check --format github     annotations in a pull request

exit status: 0 nothing found, 1 findings, 2 wrong use, 3 it failed""",
        _check_arguments,
        _check,
    ),
    Command(
        "format",
        "write the bibliography in house style",
        """\
Writes bib files in house style: one field a line, in one order, values in braces, one
empty line between entries. Values, keys, comments, @string, @preamble, the order of
entries and entries that are not well-formed stay as they are; the site stays the same.
Formatting twice changes nothing more.""",
        """\
examples:
  python -m labsite format                    the bib files that conf.py names
  python -m labsite format --check            say whether there is something to do
  python -m labsite format drafts.bib         another file

exit status: 0 done, 1 not in house style (with --check) or not possible, 2 wrong use""",
        _format_arguments,
        _format,
    ),
    *WRITING,
)
"""All commands, in the order of ``--help``."""
