-- Whether the message that something belongs to is still to be delivered.
SELECT 1 FROM entry
 WHERE whatsapp_id = :target AND channel = :channel AND direction = 'in' AND state IN ('waiting', 'leased') LIMIT 1;
