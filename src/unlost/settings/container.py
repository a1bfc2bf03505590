"""A journal inside a container goes with the container: found out before anything starts, refused with the cure."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from unlost.settings.values import Settings

MARKS = (".dockerenv", "run/.containerenv")
"""Left in the root by Docker and by Podman."""
IN_MEMORY = frozenset({"tmpfs", "ramfs"})
EMPTY_DIR = "kubernetes.io~empty-dir"
"""In the source path of a Kubernetes emptyDir, which is deleted with its pod (kubelet's directory layout)."""
NAMELESS = re.compile(r"/volumes/[0-9a-f]{64}/_data(/|$)")
"""The source path of a volume that nobody named (Docker, Podman): `run --rm` and `rm -v` delete it with the container."""
CURE = (
    "mount a volume at its folder (Docker: -v unlost:/data; docs/deployment.md has more), "
    "or say that it may be lost: [journal] throwaway = true"
)


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of /proc/self/mountinfo. *source*: the path inside the mounted file system that is shown here."""

    point: Path
    source: str
    kind: str


def journal_goes_with_container(
    settings: Settings, environ: Mapping[str, str] = os.environ, root: Path = Path("/")
) -> str | None:
    """Why the journal would not outlive this container, and what to do; None where it does, or may be lost.

    *root* stands for `/` in tests. Where the mounts cannot be read nothing is claimed.
    """
    if settings.journal.throwaway or not in_container(environ, root):
        return None
    try:
        mounts = list(mounts_of((root / "proc/self/mountinfo").read_text(errors="replace")))
    except OSError:
        return None
    folder = Path(os.path.realpath(settings.journal_path.parent))
    mount = mount_that_holds(folder, mounts)
    why = None if mount is None else _why_lost(mount)
    return f"the journal's folder {folder} {why}; {CURE}" if why else None


def in_container(environ: Mapping[str, str], root: Path) -> bool:
    """Docker, Podman or Kubernetes. Other kinds keep their root file system, as a machine does."""
    return bool(environ.get("KUBERNETES_SERVICE_HOST")) or any((root / mark).exists() for mark in MARKS)


def mounts_of(mountinfo: str) -> Iterator[Mount]:
    """`36 35 98:0 /source /point rw,noatime shared:1 - ext4 /dev/root rw` (proc(5)); lines that are not like it are passed over."""
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        fields, kind = before.split(" "), after.partition(" ")[0]
        if len(fields) >= 6 and kind:
            yield Mount(Path(_unescaped(fields[4])), _unescaped(fields[3]), kind)


def mount_that_holds(folder: Path, mounts: list[Mount]) -> Mount | None:
    """The innermost; of several at one point the last, which hides the others."""
    holding = [mount for mount in mounts if folder.is_relative_to(mount.point)]
    return max(reversed(holding), key=lambda mount: len(mount.point.parts), default=None)


def _why_lost(mount: Mount) -> str | None:
    if mount.point == Path("/"):
        return "lies in the container's own file system, which is thrown away with it"
    if mount.kind in IN_MEMORY:
        return f"is kept in memory ({mount.kind})"
    if EMPTY_DIR in mount.source:
        return "is an emptyDir, which is deleted with its pod"
    if NAMELESS.search(mount.source):
        return "is a volume without a name, which is forgotten with its container"
    return None


def _unescaped(field: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), field)
