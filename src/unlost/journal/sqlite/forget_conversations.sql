-- Where the helpdesk keeps what was said in the person's chat.
SELECT conversation FROM chat_link WHERE channel = :channel AND chat = :address AND conversation IS NOT NULL
 UNION SELECT conversation FROM message_link WHERE channel = :channel AND chat = :address;
