-- It only ever rises.
UPDATE helpdesk SET high_water = max(high_water, :message)
 WHERE name = (SELECT helpdesk FROM channel WHERE name = :channel);
