"""The one environment that every job shares: ``.venv``, brought up to a requirements file.

As a script it brings Nox into ``.venv`` and hands over to the Python there::

    python3 tools/environment.py -m nox -s html

It needs nothing but Python itself, and parses on versions older than the site supports, so that
they get a message instead of a traceback.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - said to those who have an older one
    sys.exit(
        "This needs Python 3.11 or newer, and {} is Python {}.{}. "
        "Where there is a newer one, name it: make html PYTHON=python3.13".format(
            sys.executable, *sys.version_info
        )
    )

ROOT = Path(__file__).resolve().parent.parent


_PATH = "import os, sys; sys.path.append(os.path.dirname(sys.prefix))\n"
"""What makes Python look for modules in the folder that the environment is in."""


class EnvironmentProblem(Exception):
    """The environment cannot be made; the message says why and what to do."""


def prepare(name: str, root: Path = ROOT) -> Path:
    """Bring ``.venv`` up to ``requirements/<name>.txt`` and return its Python.

    Costs two small file reads when nothing has changed: a stamp in the environment keeps the
    digest of what was installed. It is written last, so an interrupted installation is finished
    by the next call.

    Args:
        name: ``docs``, ``dev``, ``nox`` or ``bench``.
        root: The project's folder.

    Raises:
        EnvironmentProblem: If Python has no venv module, or the installation fails.
    """
    python = interpreter(root)
    requirements = root / "requirements" / f"{name}.txt"
    stamp = root / ".venv" / f"{name}.installed"
    if python.exists() and stamp.is_file() and stamp.read_text() == _digest(requirements, python):
        _know_the_package(root)
        return python
    if not _is_usable(root):
        _create(root)
    _install(root, requirements)
    _know_the_package(root)
    stamp.write_text(_digest(requirements, python))
    return python


def interpreter(root: Path = ROOT) -> Path:
    """The environment's Python, whether or not it is there yet."""
    return root / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_running_inside(root: Path = ROOT) -> bool:
    """Whether this very process runs from the environment, which must then be left standing."""
    return Path(sys.prefix).resolve() == (root / ".venv").resolve()


def _digest(requirements: Path, python: Path) -> str:
    """What the stamp holds: the requirements, and which Python they were installed for.

    The second part notices a system upgrade that turns ``python3`` from 3.11 into 3.12 under an
    existing environment.
    """
    content = requirements.read_bytes() + os.path.realpath(python).encode()
    return hashlib.sha256(content).hexdigest()


def _unfinished(root: Path) -> Path:
    """The mark that stands in an environment while it is being created."""
    return root / ".venv" / "unfinished"


def _is_usable(root: Path) -> bool:
    """Whether the environment is whole, new enough, and has a working pip."""
    if is_running_inside(root):
        return True
    if _unfinished(root).exists() or not interpreter(root).exists():
        return False
    check = "import pip._internal.cli.main, sys; sys.exit(sys.version_info < (3, 11))"
    command = [str(interpreter(root)), "-c", check]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _create(root: Path) -> None:
    """Make the environment anew, with the Python that runs this."""
    try:
        import ensurepip  # noqa: F401 - Debian packs it apart from Python, together with venv
        import venv  # noqa: F401
    except ImportError:
        raise EnvironmentProblem(
            f"{sys.executable} has no venv module. On Debian and Ubuntu: apt-get install "
            "python3-venv; elsewhere install Python from its own installer."
        ) from None
    shutil.rmtree(root / ".venv", ignore_errors=True)
    _unfinished(root).parent.mkdir(exist_ok=True)
    _unfinished(root).touch()
    print(f"Creating .venv with Python {sys.version.split()[0]}", flush=True)
    command = [sys.executable, "-m", "venv", str(root / ".venv")]
    if subprocess.run(command, check=False).returncode:
        raise EnvironmentProblem("The environment .venv could not be created; see above.")
    _unfinished(root).unlink()


def _install(root: Path, requirements: Path) -> None:
    """Install exactly what the requirements file pins: its hashes, and nothing beside it."""
    _forget_half_installed(root / ".venv")
    print(f"Installing requirements/{requirements.name} into .venv", flush=True)
    options = ["--require-hashes", "--no-deps", "--disable-pip-version-check", "--no-input", "-qq"]
    command = [str(interpreter(root)), "-m", "pip", "install", *options, "-r", str(requirements)]
    if subprocess.run(command, check=False).returncode:
        raise EnvironmentProblem(
            f"requirements/{requirements.name} could not be installed; the lines above say why. "
            "The next run goes on from here."
        )


def _know_the_package(root: Path) -> None:
    """Let ``python -m labsite`` work in every folder: name the project's in a ``.pth`` file.

    Python runs a line of such a file that begins with ``import`` (``site`` in its library); so the
    file names no path, which on Windows might have letters that Python does not expect there.
    """
    for packages in _site_packages(root / ".venv"):
        path = packages / "labsite.pth"
        if not path.exists():
            path.write_text(_PATH, encoding="ascii")


def _site_packages(venv: Path) -> list[Path]:
    return [*venv.glob("lib/python*/site-packages"), *venv.glob("Lib/site-packages")]


def _forget_half_installed(venv: Path) -> None:
    """Make pip install again what an interruption left incomplete.

    pip takes a package as installed once its metadata is there, which may be before the rest is.
    It writes the metadata's ``INSTALLER`` file when all other files are in place.
    """
    for packages in _site_packages(venv):
        halves = [
            folder for folder in packages.glob("*.dist-info") if not (folder / "INSTALLER").exists()
        ]
        for folder in [*halves, *packages.glob("~*")]:  # "~": pip's own trace of a broken upgrade
            shutil.rmtree(folder, ignore_errors=True)


def main(arguments: Sequence[str]) -> int:
    """Bring Nox into the environment, then run its Python with these arguments."""
    try:
        python = str(prepare("nox"))
    except EnvironmentProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    if os.name == "nt":
        return subprocess.run([python, *arguments], check=False).returncode
    os.execv(python, [python, *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
