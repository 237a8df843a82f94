"""Every job of this project, written once: ``make``, CI and the hosts call these sessions.

All sessions share the environment ``.venv`` (see ``tools/environment.py``), which is why they have
no environment of Nox's own. Arguments after ``--`` go to the tool that the session is about.
"""

import os
import shutil
import sys
from pathlib import Path

import nox
from nox.command import CommandFailed

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))  # so that Nox finds tools/ wherever it was started from

from tools.browser import BrowserNotFound, Machine, find_browser  # noqa: E402
from tools.environment import EnvironmentProblem, is_running_inside, prepare  # noqa: E402

nox.options.sessions = ["html"]
nox.options.default_venv_backend = "none"

BUILD = ROOT / "_build"
WATCHED = ("references.bib", "people.yml", "conf.py", "labsite", "_static", "_templates")


@nox.session
def html(session: nox.Session) -> None:
    """Build the website into _build/html; warnings are failures."""
    build(session, "html", *session.posargs)


@nox.session
def text(session: nox.Session) -> None:
    """Build plain text into _build/text."""
    build(session, "text", *session.posargs)


@nox.session
def latex(session: nox.Session) -> None:
    """Build LaTeX sources into _build/latex."""
    build(session, "latex", *session.posargs)


@nox.session
def linkcheck(session: nox.Session) -> None:
    """Ask every external link whether it still answers."""
    build(session, "linkcheck", *session.posargs)


@nox.session
def live(session: nox.Session) -> None:
    """Serve the site and reload it on every change; ``-- --open-browser`` opens it too."""
    # Polled, because a watch on a single file is lost when an editor replaces the file.
    watched = [f"--watch={path}" for path in WATCHED if (ROOT / path).exists()]
    run(session, "dev", "sphinx_autobuild", "-T", "-n", "-j", "auto", "-c", ".",
        "-d", "_build/doctrees/live", "--ignore=_build", "--re-ignore=/__pycache__/", *watched,
        *session.posargs, "docs", "_build/live", WATCHFILES_FORCE_POLLING="true")  # fmt: skip


@nox.session
def check(session: nox.Session) -> None:
    """Look through the bibliography and the people; ``-- --fix`` mends what is safe."""
    keep(session, *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and types; ``-- --fix`` mends what Ruff can mend."""
    check_code(session, fix="--fix" in session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Lint, check the data, build the site, run every test; arguments go to pytest."""
    check_code(session)
    keep(session, requirements="dev")
    build(session, "html", requirements="dev")
    # A file's tests stay on one worker, since they share the sites that its fixtures build.
    run(session, "dev", "pytest", "-n", "auto", "--dist", "loadfile", *session.posargs,
        LABSITE_BROWSER=browser(session))  # fmt: skip


@nox.session
def bench(session: nox.Session) -> None:
    """Measure builds, then filters; ``-- build …`` or ``-- keystroke …`` is one of them."""
    what, *arguments = session.posargs or ["all"]
    if what not in {"all", "build", "keystroke"}:
        session.error(f"There is no {what!r}: it is `-- build …` or `-- keystroke …`")
    if what != "keystroke":
        try:
            prepare("bench")
        except EnvironmentProblem as problem:
            session.warn(f"{problem} Nothing is compared with Hugo.")
        run(session, "dev", "bench.build", *arguments)
    if what != "build":
        run(session, "dev", "bench.keystroke", *arguments, LABSITE_BROWSER=browser(session))


@nox.session
def fuzz(session: nox.Session) -> None:
    """Read 200,000 damaged data files; ``-- --cases N --seed S`` takes others."""
    run(session, "dev", "tools.fuzz", *session.posargs)


@nox.session
def audit(session: nox.Session) -> None:
    """Ask whether a known vulnerability is in the pinned requirements; needs the network."""
    pinned = sorted(ROOT.glob("requirements/*.txt"))
    files = [f"--requirement=requirements/{path.name}" for path in pinned]
    try:
        run(session, "audit", "pip_audit", "--require-hashes", "--disable-pip", *files,
            *session.posargs)  # fmt: skip
    except CommandFailed:
        session.error(
            "If a table above names packages: nox -s lock -- --upgrade. If it says that nothing "
            "could be reached, nothing was checked: this session needs the network."
        )


@nox.session
def shots(session: nox.Session) -> None:
    """Take pictures of the site, to be looked at, into _build/shots."""
    build(session, "html", requirements="dev")
    run(session, "dev", "tools.shots", *session.posargs, LABSITE_BROWSER=browser(session))


@nox.session
def validate(session: nox.Session) -> None:
    """Check the HTML of every page with the Nu HTML checker; needs Java, and npm to fetch it."""
    build(session, "html")
    run(session, "docs", "tools.validate", *session.posargs)


@nox.session
def lighthouse(session: nox.Session) -> None:
    """Run Lighthouse on one page of each kind; ``-- --runs 1`` is quick. Needs Node.js and npm."""
    build(session, "html", requirements="dev")
    run(session, "dev", "tools.lighthouse", *session.posargs, LABSITE_BROWSER=browser(session))


@nox.session
def clean(session: nox.Session) -> None:
    """Remove _build; ``-- all`` removes .venv too."""
    shutil.rmtree(BUILD, ignore_errors=True)
    if "all" in session.posargs:
        if sys.platform == "win32" and is_running_inside():
            session.error("Nox runs from .venv: Windows cannot remove it now; delete it by hand")
        shutil.rmtree(ROOT / ".venv", ignore_errors=True)


@nox.session
def lock(session: nox.Session) -> None:
    """Refresh the pinned requirements; ``-- --upgrade`` takes the newest versions.

    One version of each package serves every supported Python and system. Each file is held to those
    before it, so that they never disagree.
    """
    pin(session, "docs", "pyproject.toml")
    dev = ("--group", "test", "--group", "lint", "--group", "dev")
    pin(session, "dev", "pyproject.toml", *dev, "--constraint", "requirements/docs.txt")
    pin(session, "nox", "--group", "nox", "--constraint", "requirements/dev.txt")
    pin(session, "bench", "--group", "bench", "--constraint", "requirements/dev.txt")
    pin(session, "audit", "--group", "audit", "--constraint", "requirements/dev.txt")


def build(session: nox.Session, builder: str, *options: str, requirements: str = "docs") -> None:
    """Run Sphinx and say where the result is.

    Warnings end the session with an error, though the output is complete. They come again with
    every build until they are mended.
    """
    output, doctrees = BUILD / builder, BUILD / "doctrees" / builder
    try:
        run(session, requirements, "sphinx", "-T", "-W", "--keep-going", "-n", "-j", "auto",
            "-b", builder, "-c", ".", "-d", f"_build/doctrees/{builder}", *options,
            "docs", f"_build/{builder}")  # fmt: skip
    except CommandFailed:
        # Sphinx repeats a page's warnings only when it reads the page again.
        shutil.rmtree(doctrees, ignore_errors=True)
        session.error(f"Sphinx has found something to mend, see above. Output: {output}")
    index = output / "index.html"
    if index.exists():
        print(f"\nThe website: {index}\n{index.as_uri()}\n", flush=True)
    else:
        print(f"\nThe output: {output}\n", flush=True)


def keep(session: nox.Session, *arguments: str, requirements: str = "docs") -> None:
    """Look for what is wrong in the data files: in CI on GitHub, as annotations."""
    on_github = () if "GITHUB_ACTIONS" not in os.environ else ("--format", "github")
    try:
        run(session, requirements, "labsite", "check", *on_github, *arguments)
    except CommandFailed:
        session.error("Something is to be mended, see above; maintaining/keeper.md has more")


def check_code(session: nox.Session, *, fix: bool = False) -> None:
    """Run Ruff and mypy over everything."""
    run(session, "dev", "ruff", "check", *(["--fix"] if fix else []))
    run(session, "dev", "ruff", "format", *([] if fix else ["--check"]))
    run(session, "dev", "mypy")


def pin(session: nox.Session, name: str, *source: str) -> None:
    """Write ``requirements/<name>.txt``: exact versions with hashes, naming no host."""
    run(session, "dev", "uv", "pip", "compile", *source, "--universal", "--python-version", "3.11",
        "--fork-strategy", "fewest", "--generate-hashes", "--no-emit-index-url",
        "--no-emit-find-links", "--custom-compile-command", "nox -s lock", "--quiet",
        "--output-file", f"requirements/{name}.txt", *session.posargs)  # fmt: skip


def run(session: nox.Session, name: str, module: str, *arguments: str, **environ: str) -> None:
    """Run a module with the shared environment's Python, after bringing that up to date."""
    session.run(str(python(session, name)), "-m", module, *arguments, env=environ)


def python(session: nox.Session, requirements: str) -> Path:
    """The shared environment's Python, with these requirements installed."""
    try:
        return prepare(requirements)
    except EnvironmentProblem as problem:
        session.error(str(problem))


def browser(session: nox.Session) -> str:
    """The browser that the tests drive; without one they fail."""
    try:
        return str(find_browser(Machine.current(python(session, "dev"))))
    except BrowserNotFound as problem:
        session.error(str(problem))
