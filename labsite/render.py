"""Records → HTML through the theme's component templates.

Templates are found along the theme chain, so that a group's own ``_templates/components/*.html``
win. Unlike Sphinx's own environment this one escapes everything and knows no undefined names.
"""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sphinx.jinja2glue import BuiltinTemplateLoader

from labsite.addresses import Addresses
from labsite.assets import (
    LARGE_LIST,
    SCRIPT,
    SEARCH,
    STYLE,
    mode_script,
    script_bundle,
    style_bundle,
    version_of,
)
from labsite.cache import TEMPLATES, CompiledTemplates
from labsite.citation import coins
from labsite.domain import LabsiteDomain, publication_anchor
from labsite.downloads import feeds
from labsite.formulas import mathml
from labsite.metadata import EXPORTS, SiteFacts, orcid
from labsite.model import KINDS, NAMED_KINDS, Person
from labsite.pictures import Pictures
from labsite.pieces import Pieces, directions_by_id, enumerated
from labsite.policy import is_elsewhere
from labsite.queries import has_resources
from labsite.reference import reference
from labsite.resources import RESOURCE_KINDS
from labsite.templates import Environment, escaped

if TYPE_CHECKING:
    from sphinx.builders.html import StandaloneHTMLBuilder

    from labsite.feeds import Feed
    from labsite.model import PartialDate, Publication, RichText
    from labsite.variants import Picture

THEME: Final = Path(__file__).parent / "theme"
_json: Final = json.JSONEncoder(ensure_ascii=False).encode
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


class Renderer:
    """Renders component templates for one builder."""

    def __init__(self, builder: StandaloneHTMLBuilder, domain: LabsiteDomain) -> None:
        if not isinstance(builder.templates, BuiltinTemplateLoader):
            raise TypeError("the labsite theme needs Sphinx's Jinja templates")
        self.builder, self.domain = builder, domain
        self.pictures = Pictures(domain.root, Path(builder.outdir))
        compiled = Path(builder.doctreedir) / TEMPLATES
        builder.templates.environment.bytecode_cache = CompiledTemplates(compiled / "pages")
        cache = CompiledTemplates(compiled / "components")
        self.environment = Environment(loader=builder.templates, bytecode_cache=cache)
        self._known: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self._context_objects: dict[str, str] = {}
        self.pieces = Pieces(self.environment, domain)
        self.environment.policies["json.dumps_function"] = _json
        self.environment.policies["json.dumps_kwargs"] = {}
        # Filters where functions would do as well: Jinja calls them without a detour. But what they
        # make of a constant is worked out once and kept, so what looks at files is a function.
        self.environment.filters |= {
            "mathml": mathml,
            "date_text": date_text,
            "rich": self._rich,
            "marked": self.pieces.authors,
            "enumerated": enumerated,
            "has_resources": has_resources,
            "anchor": publication_anchor,
            "brief": self.pieces.brief,
            "heading": self.pieces.heading,
            "facts": self.pieces.facts,
            "label": self.pieces.label,
            "member": self.pieces.member,
            "coins": self._coins,
            "reference": reference,
            "orcid": orcid,
        }
        self.environment.globals |= {
            "kinds": KINDS,
            "named_kinds": NAMED_KINDS,
            "formats": EXPORTS,
            "resource_kinds": RESOURCE_KINDS,
            "picture": self.pictures.get,
            "site_language": str(builder.config.language or "en").replace("_", "-"),
        }

    @cached_property
    def site(self) -> SiteFacts:
        """What every page says about the site."""
        config, base = self.builder.config, self.builder.config.html_baseurl or ""

        @lru_cache(maxsize=64)  # a page's head names it time and again
        def page(name: str) -> str:
            return f"{base}{self.builder.get_target_uri(name)}" if base else ""

        def person(one: Person) -> str:
            docname, anchor = self.domain.person_page(one)
            return f"{page(docname)}{f'#{anchor}' if anchor else ''}" if base and docname else ""

        return SiteFacts(
            name=config.html_title or config.project,
            tagline=str(config.html_theme_options.get("tagline", "")),
            address=base,
            page=page,
            person=person,
        )

    @property
    def themes_on_top(self) -> list[Path]:
        """The folders of themes that inherit from ours, if such a one is in use."""
        folders = [Path(folder) for folder in self.builder.theme.get_theme_dirs()]
        return folders[: folders.index(THEME)]

    @property
    def themes_below(self) -> list[Path]:
        """The folder of our theme, and of those that it inherits from."""
        folders = [Path(folder) for folder in self.builder.theme.get_theme_dirs()]
        return folders[folders.index(THEME) :]

    @cached_property
    def asset_folders(self) -> tuple[Path, ...]:
        """Where parts of the style sheet and the script are: the group's folders, then ours."""
        config = self.builder.config
        own = [self.domain.root / folder for folder in config.html_static_path]
        return (*own, THEME / "static")

    @cached_property
    def logo(self) -> Picture | None:
        """The group's logo (``html_logo``), if there is one that can be used."""
        return self.pictures.get(self.builder.config.html_logo or "", "logo")

    @cached_property
    def favicon_version(self) -> str:
        """What stands behind ``?v=`` in the address of the site's icon; empty if it is none."""
        path = self.builder.config.html_favicon
        found = path and not is_elsewhere(path) and (self.domain.root / path).is_file()
        return version_of((self.domain.root / path).read_bytes()) if found else ""

    @cached_property
    def bundles(self) -> dict[str, str]:
        """File name → text of what all pages load."""
        folders = self.asset_folders
        return {STYLE: style_bundle(folders), SCRIPT: script_bundle(folders)}

    @cached_property
    def mode_script(self) -> str:
        """The script that stands in every page's head."""
        return mode_script(self.asset_folders)

    @cached_property
    def search_address(self) -> str:
        """Where the search's script is, relative to the site's root, with its version."""
        return self._address_of(SEARCH)

    @cached_property
    def large_list_address(self) -> str:
        """Where the script of large lists is, as :attr:`search_address`."""
        return self._address_of(LARGE_LIST)

    def _address_of(self, script: str) -> str:
        places = (folder / script for folder in self.asset_folders)
        text = next(path.read_text(encoding="utf-8") for path in places if path.is_file())
        return f"_static/{script}?v={version_of(text.encode('utf-8'))}"

    @cached_property
    def feeds(self) -> tuple[Feed, ...]:
        """All feeds of the site; to be asked for when all pages have been read."""
        return feeds(self.domain, self.site)

    def feed(self, path: str) -> Feed | None:
        """Return the feed at a path, if there is one."""
        return next((feed for feed in self.feeds if feed.path == path), None)

    def __call__(self, template: str, docname: str, **context: Any) -> str:
        """Render ``components/<template>.html`` as seen from the page ``docname``."""
        return self.file(f"{template}.html", docname, **context)

    def file(self, template: str, docname: str, **context: Any) -> str:
        """Render ``components/<template>``, of any ending, as seen from the page ``docname``."""
        return self.environment.get_template(f"components/{template}").render(
            address=self._addresses(docname),
            people=self.domain.store.by_id,
            directions=directions_by_id(self.domain),
            **context,
        )

    def _addresses(self, docname: str) -> Addresses:
        folder = self.builder.get_target_uri(docname).rpartition("/")[0]
        is_view = docname not in self.domain.env.found_docs
        shares = is_view and not isinstance(self.domain.subject(docname), Person)
        scope = f"{folder}/" if shares else docname
        return Addresses(self.builder, self.domain, docname, scope, self._known[folder])

    def _rich(self, text: RichText) -> str:
        """Return a text with its markup; most have none, which is no work for a template."""
        if len(text.spans) == 1 and text.spans[0].kind == "text":
            return escaped(text.spans[0].text)
        return self.pieces.macro("macros", "spans")(text.spans)

    def _coins(self, pub: Publication) -> str:
        """Return a publication's context object, which several lists may have."""
        if pub.slug not in self._context_objects:
            self._context_objects[pub.slug] = coins(pub)
        return self._context_objects[pub.slug]


def date_text(date: PartialDate) -> str:
    """Return a date in words: 30 September 2025, September 2025 or 2025."""
    parts = [str(date.day)] if date.day else []
    parts += [MONTHS[date.month - 1]] if date.month else []
    return " ".join([*parts, str(date.year)])
