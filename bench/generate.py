"""Make a site with any number of publications: ``python -m bench.generate N FOLDER [--seed S]``.

Then ``python -m sphinx -b html -c FOLDER FOLDER/docs FOLDER/_build``, in the repository's root.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.bibliography import DIRECTIONS, ascii_of, bibliography, pool_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.bibliography import Author

ROOT: Final = Path(__file__).resolve().parents[1]
ROLES: Final = ("Principal investigator", "Postdoc", "PhD student", "PhD student", "Engineer")

CONF: Final = '''"""A bench site, made by bench/generate.py."""

import os
import sys

sys.path.insert(0, os.environ.get("LABSITE_ROOT") or {root})

project = author = copyright = html_title = "Bench Lab"
language = "en"
html_baseurl = "https://bench.example.org/"
extensions = ["myst_parser", "labsite"]
html_theme = "labsite"
html_copy_source = False
html_show_sourcelink = False
html_use_index = False
'''

PAGES: Final = {
    "index.md": """# Bench Lab

A site to measure with.

```{publications}
:limit: 4
```

```{toctree}
:hidden:

research/index
people/index
publications/index
news/index
```
""",
    "publications/index.md": """# Publications

All of them.

```{publications}
:group-by: year
:filter:
```
""",
    "people/index.md": """# People

```{people}
```
""",
    "research/index.md": """# Research

```{directions}
```

```{toctree}
:hidden:
:glob:

*
```
""",
    "news/index.md": """# News

```{news-list}
```

```{toctree}
:hidden:
:glob:

*
```
""",
}
DIRECTION: Final = """---
order: {order}
description: What the group does about {words}.
---

# {title}

What the group does about {words}.

```{{publications}}
:direction: {id}
:group-by: year
```
"""
NEWS: Final = """---
date: "{year}-03-14"
description: What happened in {year}.
---

# News of {year}

{{cite:t}}`{key}` is out.
"""


def generate(size: int, folder: Path, seed: int = 1) -> None:
    """Write a site with ``size`` publications; what is the same already stays untouched."""
    pool = pool_of(seed)
    bib = bibliography(size, pool, seed)
    members = pool.authors[: 8 + size // 100]
    files = {
        "conf.py": CONF.format(root=json.dumps(str(ROOT))),
        "references.bib": bib,
        "people.yml": people(members),
    }
    files |= {f"docs/{name}": text for name, text in PAGES.items()}
    for order, name in enumerate(DIRECTIONS, start=1):
        words = name.replace("-", " ")
        text = DIRECTION.format(id=name, order=order, words=words, title=words.capitalize())
        files[f"docs/research/{name}.md"] = text
    keys = re.findall(r"^@(?!string)\w+\{(\w+),", bib, re.MULTILINE)
    for number, key in enumerate(keys[:3]):
        year = 2025 - number
        files[f"docs/news/{year}-03-14-news.md"] = NEWS.format(year=year, key=key)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")


def people(members: Sequence[Author]) -> str:
    """Return people.yml for the most frequent authors: the first third is current."""
    lines: list[str] = []
    seen: set[str] = set()
    for number, author in enumerate(members):
        plain = re.sub(r"[^a-z]+", "-", ascii_of(f"{author.given} {author.family}").lower())
        identity = plain if plain not in seen else f"{plain}-{number}"
        seen.add(identity)
        status = "current" if number <= len(members) // 3 else "alumni"
        lines += [
            f"- id: {identity}",
            f"  name: {author.given} {author.family}",
            f"  role: {ROLES[min(number, 1 + number % 4)]}",
            f"  status: {status}",
            "  aliases:",
            f'    - "{author.name}"',
        ]
    return "\n".join([*lines, ""])


def main(arguments: Sequence[str]) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.generate", description=__doc__)
    parser.add_argument("size", type=int, help="number of publications")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    generate(options.size, options.folder, options.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
