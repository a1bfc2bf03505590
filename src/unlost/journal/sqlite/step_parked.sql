-- So do parked entries.
UPDATE entry SET wait_until = max(:now, wait_until - :step)
 WHERE id > :after AND id <= :until AND state = 'parked' AND wait_until > :now;
