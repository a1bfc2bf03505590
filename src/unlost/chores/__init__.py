"""By the clock: reading both sides, comparing, appending what is missing. A chore never changes the outside itself."""
