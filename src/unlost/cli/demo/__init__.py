"""The demo: three processes, a population that writes, a gateway that dies, and a ledger that compares both ends."""

from unlost.cli.demo.command import command

__all__ = ["command"]
