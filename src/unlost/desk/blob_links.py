"""Addresses of stored files: a blob's name is a random word nobody can guess, so that the address is the credential."""

from __future__ import annotations

from urllib.parse import quote

from unlost.desk.rows import Attachment, Contact

REDIRECT = "/rails/active_storage/blobs/redirect"  # app/models/attachment.rb, contract 3.8
DISK = "/rails/active_storage/disk"


def data_url(public_url: str, row: Attachment) -> str:
    """Where a message's file is fetched; it answers with a redirect."""
    return f"{public_url}{REDIRECT}/{row.blob}/{quote(row.file_name, safe='')}"


def avatar_url(public_url: str, row: Contact) -> str:
    """Where a contact's picture is fetched; empty without one."""
    return f"{public_url}{REDIRECT}/{row.avatar}/avatar" if row.avatar else ""


def disk_path(blob: str, file_name: str) -> str:
    """Where the redirect leads."""
    return f"{DISK}/{blob}/{quote(file_name, safe='')}"
