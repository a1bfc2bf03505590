"""The documentation builds as a site without a warning: no dead link, no page that nothing leads to, no call to other sites."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

CALLS_ANOTHER_SITE = re.compile(r"""(?:src=|import\s[^;]*from\s|<link[^>]+href=)["']?https?://""")
DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.timeout(300)
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", str(DOCS), str(tmp_path)]
    built = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (built.returncode, built.stderr) == (0, "")
    assert (tmp_path / "index.html").exists()
    assert [page.name for page in tmp_path.glob("*.html") if CALLS_ANOTHER_SITE.search(page.read_text())] == []
