-- Its ids begin anew: what a journal that is gone posted may have any.
UPDATE channel SET restored_above = 0 WHERE helpdesk = (SELECT helpdesk FROM channel WHERE name = :channel);
