"""The documentation as a site: `make docs`. Warnings are errors."""

from unlost import __version__

project = "unlost"
author = "the unlost authors"
copyright = "the unlost authors, Apache-2.0"  # noqa: A001  # Sphinx names it so
version = release = __version__

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
myst_heading_anchors = 3
nitpicky = True

html_theme = "furo"
html_title = f"unlost {release}"
html_show_sourcelink = False
html_static_path = ["_static"]
html_css_files = ["unlost.css"]
