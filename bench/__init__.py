"""The budgets of the program as one JSON document: `python -m bench`, or `make bench`.

Every speed is a ratio of two sides measured in the same run, turn about, the median of several rounds: the machine cancels out.
Every program stands in a process of its own, on loopback, in a temporary folder. Nothing here is a test that can fail for being
slow; what a budget misses is said in the document.
"""
