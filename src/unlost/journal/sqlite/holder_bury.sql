-- Only while its beat stands where the observer saw it.
DELETE FROM holder WHERE id = :id AND beat = :beat RETURNING id;
