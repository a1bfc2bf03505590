-- Chats of other entries with this message id whose post may be under way, or comes first: begun, or leased and older.
SELECT chat FROM entry WHERE whatsapp_id = :whatsapp_id AND channel = :channel AND id <> :entry AND direction = 'in'
   AND ((state = 'leased' AND (begun = 1 OR id < :entry)) OR (state = 'waiting' AND begun = 1)) LIMIT 200;
