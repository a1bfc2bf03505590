"""Order and patience: claims, leases, attempts, waits, verdicts. Knows neither what an entry says nor any API nor SQL."""
