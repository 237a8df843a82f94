"""Settings of this website. What they mean: maintaining/configuration.md."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # makes labsite/ importable

# The group
project = "Medical AI"
author = "Medical AI group, University of Lucerne"
copyright = author
html_title = project
language = "en"

# Addresses: set these two for your own site. The environment wins, Read the Docs comes next.
html_baseurl = (
    os.environ.get("SITE_URL")
    or os.environ.get("READTHEDOCS_CANONICAL_URL")
    or "https://baumgach.github.io/mia-website/"
)
labsite_repository = os.environ.get("REPOSITORY_URL") or "https://github.com/baumgach/mia-website"

# Content
extensions = ["myst_parser", "labsite"]
bibtex_bibfiles = ["references.bib"]
myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath"]
templates_path = ["_templates"]
exclude_patterns = ["_build"]

# Look
html_theme = "labsite"
html_static_path = ["_static"]
html_favicon = "_static/favicon.svg"
html_theme_options = {
    "tagline": "Machine Learning in Medical Image Analysis",
    "footer_text": (
        "Faculty of Health Sciences and Medicine, University of Lucerne | University of Tübingen"
    ),
    "footer_links": "overview, resources, imprint, privacy, accessibility",
}
html_copy_source = False
html_use_index = False
html_show_sourcelink = False
html_permalinks_icon = "#"
