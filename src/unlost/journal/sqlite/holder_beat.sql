-- Renews every lease of the process; no row back means that it was buried.
UPDATE holder SET beat = beat + 1 WHERE id = :id RETURNING beat;
