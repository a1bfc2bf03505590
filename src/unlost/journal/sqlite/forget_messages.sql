-- The helpdesk's ids of what the person wrote, in groups too.
SELECT message FROM message_link WHERE channel = :channel AND sender = :address;
