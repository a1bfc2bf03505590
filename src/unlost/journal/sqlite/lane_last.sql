-- The highest lane id there is.
SELECT max(id) FROM lane;
