-- When the next parked entry's wait is over.
SELECT min(wait_until) FROM entry WHERE state = 'parked';
