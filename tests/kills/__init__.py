"""`kill -9` of real processes over real HTTP and a real journal, and what stands at rest afterwards.

The population (what customers sent) is compared with the desk's API; the journal is only looked into, read-only, to say where a
kill fell: between a begun step and its fact, or not.
"""
