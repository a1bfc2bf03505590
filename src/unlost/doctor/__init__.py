"""Is this set up right? Looks at both sides, at the machine and at the running bridge, and names what is wrong with its cure.

What was seen is a value (`sights`), what it means is said by plain functions (`judge_…`) that call nobody; only `look_…`, the
round trip and the joining ask, through the clients. Nothing here carries a message, and a look changes nothing outside.
"""
