"""One file per subject of design section 11; each takes the plan and returns its findings."""
