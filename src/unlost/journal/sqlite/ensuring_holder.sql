-- The live lease, other than this one, under which the chat's row is claimed.
SELECT lane.lease_holder FROM chat_link JOIN lane ON lane.id = chat_link.ensuring_lane
 WHERE chat_link.channel = :channel AND chat_link.chat = :chat AND lane.lease_holder IS NOT NULL
   AND lane.lease_token = chat_link.ensuring_token AND NOT (lane.id = :lane AND lane.lease_token = :token);
