"""The house's layers: a module imports from its own layer or those above it, never below."""

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "labsite"

LAYERS = {
    "words": {"diagnostics", "entries", "links", "model", "vocabulary", "config", "fingerprint"},
    "load": {
        *(
            "textfile",
            "yamltext",
            "plaintex",
            "texnodes",
            "latex",
            "names",
            "braces",
            "salvage",
            "bibtext",
            "values",
            "readings",
            "bib",
            "people",
            "lint",
            "exports",
            "inherit",
            "decoding",
        ),
        "records",
    },
    "derive": {
        *("queries", "relations", "reference", "citation", "csl", "ris", "metadata", "feeds"),
        *("palette", "cards", "resources", "variants", "images", "drawings", "policy"),
        *("searchdata", "division", "filterdata"),
    },
    "know": {
        "parts",
        "manifest",
        "workers",
        "build",
        "cache",
        "store",
        "domain",
        "frontmatter",
        "cites",
        "checks",
    },
    "show": {
        *("nodes", "directives", "formulas", "render", "transforms", "redirects", "pages"),
        *("landing", "assets", "slots", "pictures", "digests", "downloads", "files", "head"),
        *("frame", "search", "largelist", "settings", "doctrees", "incremental", "handlers"),
        *("addresses", "pieces", "templates", "unwritten"),
    },
    "use": {
        *("lasting", "source", "siteconfig", "report", "house", "fixes", "cli", "__main__"),
        *("keeper", "keeper_facts", "keeper_words", "keeper_titles", "keeper_names"),
        "keeper_venues",
        *("identifiers", "texmath", "markup", "found", "crossref", "datacite", "arxiv", "fetch"),
        *("authors", "serials", "versions", "foresight"),
        *("capitals", "draft", "duplicates", "additions", "placing", "adding", "console"),
        *("scaffold", "newspage", "making", "command", "writing"),
    },
}
"""From the top down. What a new module is for decides where it goes."""

ORDER = list(LAYERS)
LAYER_OF = {module: layer for layer, modules in LAYERS.items() for module in modules}
MODULES = sorted(path.stem for path in PACKAGE.glob("*.py") if path.stem != "__init__")

WITHOUT_SPHINX = LAYERS["words"] | LAYERS["load"] | LAYERS["derive"] | {"store"}
SAY_SO_TO_SPHINX = {"diagnostics", "config"}
"""The two whose job is Sphinx's: its log, its configuration."""

MAY_HAVE_HTML = {"formulas"}
"""MathML is made, not templated. Everything else a reader sees comes out of ``theme/``."""

TAG = re.compile(r"(?<!\?P)</?[a-z][\w-]*(?:[\s/>]|$)", re.IGNORECASE)


def tree(module: str) -> ast.Module:
    return ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))


def imported(module: str) -> set[str]:
    """Full names of all that a module imports, for type checking or not."""
    names = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: a relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def own(module: str) -> set[str]:
    """The package's modules that a module imports."""
    names = (name.split(".") for name in imported(module))
    return {name[1] for name in names if name[0] == "labsite" and len(name) > 1}


def test_every_module_has_its_layer() -> None:
    assert sorted(LAYER_OF) == MODULES


@pytest.mark.parametrize("module", MODULES)
def test_imports_run_upwards_never_down(module: str) -> None:
    allowed = ORDER[: ORDER.index(LAYER_OF[module]) + 1]
    below = {name for name in own(module) if LAYER_OF.get(name) not in allowed}
    assert not below, f"{module} ({LAYER_OF[module]}) imports {sorted(below)} from below"


def test_no_two_modules_import_each_other() -> None:
    """Not even through others: the modules can be put in one line."""
    left = {module: own(module) & set(MODULES) for module in MODULES}
    while left:
        ready = {module for module, needs in left.items() if not needs & set(left)}
        assert ready, f"these import each other in a circle: {sorted(left)}"
        for module in ready:
            del left[module]


@pytest.mark.parametrize("module", MODULES)
def test_only_the_package_itself_imports_everything(module: str) -> None:
    assert "labsite" not in imported(module)
    assert not {name for name in own(module) if name.startswith("_") or name not in MODULES}


@pytest.mark.parametrize("module", sorted(WITHOUT_SPHINX - SAY_SO_TO_SPHINX))
def test_data_is_read_without_sphinx(module: str) -> None:
    packages = {name.split(".")[0] for name in imported(module)}
    assert not packages & {"sphinx", "docutils", "sphinxcontrib", "jinja2", "myst_parser"}


def strings(module: str) -> list[tuple[int, str]]:
    """Line and text of every string that is no documentation."""
    module_tree = tree(module)
    documentation = {
        id(statement.value)
        for node in ast.walk(module_tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        for statement in node.body
        if isinstance(statement, ast.Expr)
    }
    return [
        (node.lineno, node.value)
        for node in ast.walk(module_tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in documentation
    ]


@pytest.mark.parametrize("module", sorted({*MODULES, "__init__"} - MAY_HAVE_HTML))
def test_html_is_written_in_templates_not_in_python(module: str) -> None:
    assert not [(line, text) for line, text in strings(module) if TAG.search(text)]


@pytest.mark.parametrize("text", ["<p>", "a</b>", '<a href="', "<br/>", "<svg\n", "<ls-x>"])
def test_what_counts_as_html(text: str) -> None:
    assert TAG.search(text)


@pytest.mark.parametrize("text", ["a < b", "<=", r"(?P<name>\w+)", "[<>]", "x<3"])
def test_what_does_not_count_as_html(text: str) -> None:
    assert not TAG.search(text)


def test_no_module_has_two_layers() -> None:
    assert sum(len(modules) for modules in LAYERS.values()) == len(LAYER_OF)
