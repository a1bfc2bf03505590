-- The highest id there is to go to.
SELECT max(coalesce((SELECT max(id) FROM lane), 0), coalesce((SELECT max(id) FROM entry), 0));
