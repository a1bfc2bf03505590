-- Whether a link of the person was spared.
SELECT 1 FROM message_link WHERE channel = :channel AND (chat = :address OR sender = :address) LIMIT 1;
