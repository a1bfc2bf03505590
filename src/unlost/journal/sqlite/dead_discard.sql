-- A person's word ends it.
UPDATE entry SET state = 'done', verdict = 'discarded', settled_at = :now WHERE id = :id AND state = 'dead' RETURNING channel, whatsapp_id, chat, sender, place;
