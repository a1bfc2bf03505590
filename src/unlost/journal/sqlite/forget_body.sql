-- The text goes.
UPDATE body SET raw = x'' WHERE entry_id = :id;
