"""1. The door: a body is read within bounds, its signature checked, kept by the journal, and answered. Nothing is done about it here.

What an event means, who it is passed on to and what is retried is not known here. Readers and signature checks are handed in.
"""
