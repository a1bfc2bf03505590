"""A file's name as an agent sees it: what its sender wrote, without anything that could hurt wherever it is saved."""

import re
import unicodedata

NAME_MAX_BYTES = 200
"""File systems take 255; the helpdesk and the agent's machine put their own beside it."""

EXTENSIONS: dict[str, tuple[str, ...]] = {
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/bmp": (".bmp",),
    "image/heic": (".heic", ".heif"),
    "image/avif": (".avif",),
    "image/svg+xml": (".svg",),
    "audio/ogg": (".ogg", ".oga", ".opus"),
    "audio/mpeg": (".mp3", ".mpga"),
    "audio/mp4": (".m4a", ".mp4", ".m4b"),
    "audio/aac": (".aac",),
    "audio/amr": (".amr",),
    "audio/wav": (".wav",),
    "audio/flac": (".flac",),
    "audio/webm": (".webm", ".weba"),
    "audio/x-matroska": (".mka",),
    "video/mp4": (".mp4", ".m4v"),
    "video/3gpp": (".3gp",),
    "video/quicktime": (".mov",),
    "video/webm": (".webm",),
    "video/ogg": (".ogv", ".ogg"),
    "video/x-msvideo": (".avi",),
    "video/x-matroska": (".mkv",),
    "application/pdf": (".pdf",),
    "text/html": (".html", ".htm"),
    "text/vcard": (".vcf",),
    "application/vnd.microsoft.portable-executable": (".exe", ".dll", ".msi", ".scr", ".com"),
}
"""A type that was seen in the bytes, and how its files may end; the first is given to a name that ends otherwise."""
TOLD_EXTENSIONS: dict[str, str] = {
    "text/plain": ".txt",
    "text/csv": ".csv",
    "application/json": ".json",
    "application/zip": ".zip",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
}
"""A type that only the sender's word stands for: given to a name without any ending."""

_FORBIDDEN = re.compile(r'["<>:|?*;]')
_ESCAPE = re.compile(r"%(?=[0-9A-Fa-f]{2})")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)", re.I)
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,11}", re.ASCII)


def file_name(told: str, called: str, mime_type: str) -> str:
    """The name under which a file of *mime_type* is handed on: *told* made clean, else *called*; never empty.

    No path, no control or invisible character (which could turn the letters' order round), no name that a system keeps for itself or
    that a command takes for a switch, at most NAME_MAX_BYTES of UTF-8, and an ending that does not belie what was seen in its bytes.
    """
    name = _clean(told) or _clean(called) or "file"
    fitting = EXTENSIONS.get(mime_type)
    stem, ending = _split(name)
    if fitting is not None and ending.lower() not in fitting:
        stem, ending = name, fitting[0]
    elif not ending:
        ending = TOLD_EXTENSIONS.get(mime_type, "")
    if _RESERVED.match(stem + ending):
        stem = f"_{stem}"
    return _short(stem, NAME_MAX_BYTES - len(ending.encode())) + ending


def _clean(told: str) -> str:
    """Everything that is not part of a name is taken away or replaced by an underscore."""
    told = told[-4 * NAME_MAX_BYTES :].encode("utf-8", "replace").decode()
    last = told.replace("\\", "/").rpartition("/")[2]
    visible = "".join(" " if c in "\t\n\r" else c for c in last if c in "\t\n\r" or _is_visible(c))
    # Composed here: what stood between a letter and its accent is gone, and a Greek question mark becomes a semicolon.
    composed = unicodedata.normalize("NFC", visible)
    plain = _ESCAPE.sub("_", _FORBIDDEN.sub("_", composed))
    return " ".join(plain.split()).lstrip(". -").rstrip(". ")


def _is_visible(character: str) -> bool:
    """Neither control (Cc), format (Cf: overrides of the letters' order, zero width), surrogate, private nor unassigned."""
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _split(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    whole = dot + ending
    return (stem, whole) if stem and _ENDING.fullmatch(whole) else (name, "")


def _short(stem: str, max_bytes: int) -> str:
    """Cut between characters; never to nothing."""
    cut = stem.encode()[: max(1, max_bytes)].decode("utf-8", "ignore").rstrip(". ")
    return cut or "file"
