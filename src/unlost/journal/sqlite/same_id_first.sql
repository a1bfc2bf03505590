-- Chats of other entries with this message id whose post may be under way, or comes first: leased, and begun or older; or begun, and
-- first in a lane that nobody works. A restore marks whole lanes as begun: what stands behind something there waits for that.
SELECT chat FROM entry WHERE whatsapp_id = :whatsapp_id AND channel = :channel AND id <> :entry AND direction = 'in'
   AND ((state = 'leased' AND (begun = 1 OR id < :entry)) OR (state = 'waiting' AND begun = 1
    AND NOT EXISTS (SELECT 1 FROM entry AS worked WHERE worked.lease_lane = entry.lane_id AND worked.state = 'leased')
    AND NOT EXISTS (SELECT 1 FROM entry AS ahead WHERE ahead.lane_id = entry.lane_id AND ahead.state = 'waiting'
        AND (ahead.place, ahead.behind) < (entry.place, entry.behind)))) LIMIT 200;
