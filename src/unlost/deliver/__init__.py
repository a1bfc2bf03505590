"""Doing: one call per step, and the fact it yields. No `if` here is about meaning; failures are the clients', already named."""
