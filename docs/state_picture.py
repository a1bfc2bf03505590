"""The state machine of an entry as a picture: an SVG of its own, so that no page calls another site to draw it."""

import math
from collections.abc import Iterator, Mapping

SIZE = (760, 400)
BOX = (112, 40)
PLACES: dict[str, tuple[int, int]] = {
    "waiting": (130, 200),
    "leased": (380, 200),
    "done": (630, 200),
    "parked": (380, 60),
    "dead": (380, 340),
}
"""The middle of each box. A state without a place fails, here and in the test that draws it."""
BORN_FROM = {"waiting": (-100, 0), "parked": (0, -46), "done": (100, 0), "leased": (0, -46), "dead": (0, 46)}
APART = 14
"""How far from the line between two boxes an arrow runs where another comes back."""
ALONG = 0.5

STYLE = (
    "text{font:14px system-ui,sans-serif;fill:#14211b;text-anchor:middle}"
    ".box{fill:#e3f4ec;stroke:#0a7d5a;stroke-width:1.5}.arrow{stroke:#4a5a53;stroke-width:1.4;fill:none}"
    ".said{font-size:12px;fill:#37463f;stroke:#fff;stroke-width:5;paint-order:stroke}"
)
HEAD = (
    '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto">'
    '<path d="M0 0 10 5 0 10z" fill="#4a5a53"/></marker></defs>'
)


def picture(births: set[str], arrows: Mapping[tuple[str, str], str]) -> str:
    """*births*: where an entry begins; *arrows*: (state, what happens) to the state that follows."""
    width, height = SIZE
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        f"<title>The states of an entry</title><style>{STYLE}</style>{HEAD}",
        f'<rect width="{width}" height="{height}" rx="8" fill="#fff"/>',
        *(_birth(state) for state in sorted(births)),
        *_arrows(arrows),
        *(_box(state) for state in PLACES),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _box(state: str) -> str:
    (x, y), (width, height) = PLACES[state], BOX
    box = f'<rect class="box" x="{x - width / 2:g}" y="{y - height / 2:g}" width="{width}" height="{height}" rx="8"/>'
    return f'{box}<text x="{x}" y="{y + 5}">{state}</text>'


def _birth(state: str) -> str:
    (x, y), (right, down) = PLACES[state], BORN_FROM[state]
    start = (x + right, y + down)
    end = _edge((x, y), start)
    return f'<circle cx="{start[0]}" cy="{start[1]}" r="5" fill="#14211b"/>{_line(start, end)}'


def _arrows(arrows: Mapping[tuple[str, str], str]) -> Iterator[str]:
    said: dict[tuple[str, str], list[str]] = {}
    for (before, happening), after in arrows.items():
        said.setdefault((before, after), []).append(happening.replace("_", " "))
    labels = []
    for (before, after), happenings in said.items():
        first, last = PLACES[before], PLACES[after]
        length = math.dist(first, last)
        aside = APART if (after, before) in said else 0
        right, down = aside * (first[1] - last[1]) / length, aside * (last[0] - first[0]) / length
        start, end = (first[0] + right, first[1] + down), (last[0] + right, last[1] + down)
        yield _line(_edge(start, end), _edge(end, start))
        x, y = start[0] + ALONG * (end[0] - start[0]) + right, start[1] + ALONG * (end[1] - start[1]) + down
        labels.append(f'<text class="said" x="{x:.0f}" y="{y + 4:.0f}">{", ".join(happenings)}</text>')
    yield from labels


def _edge(middle: tuple[float, float], towards: tuple[float, float]) -> tuple[float, float]:
    """Where the line from a box's *middle* leaves the box."""
    right, down = towards[0] - middle[0], towards[1] - middle[1]
    share = min(BOX[0] / 2 / abs(right) if right else math.inf, BOX[1] / 2 / abs(down) if down else math.inf)
    return middle[0] + right * share, middle[1] + down * share


def _line(start: tuple[float, float], end: tuple[float, float]) -> str:
    return f'<path class="arrow" d="M{start[0]:.1f} {start[1]:.1f}L{end[0]:.1f} {end[1]:.1f}" marker-end="url(#tip)"/>'
