"""A tiny site: as little as shows every part of labsite."""

import os
import sys
from pathlib import Path

# A test builds a copy of this folder and says where the repository is.
sys.path.insert(0, os.environ.get("LABSITE_ROOT") or str(Path(__file__).parents[3]))

project = "Tiny Lab"
author = "Tiny Lab"
copyright = author
html_title = project
language = "en_GB"
html_baseurl = "https://tiny.example.org/"
labsite_repository = "https://git.example.org/tiny/site"

extensions = ["myst_parser", "labsite"]
myst_enable_extensions = ["deflist"]
html_theme = "labsite"
html_theme_options = {"footer_links": "research/index"}
html_copy_source = False
html_show_sourcelink = False
