-- By a person's word alone.
UPDATE helpdesk SET high_water = 0 WHERE name = (SELECT helpdesk FROM channel WHERE name = :channel);
