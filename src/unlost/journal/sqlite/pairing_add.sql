-- A LID and a number are one person.
INSERT INTO pairing (channel, lid, phone, learned_at) VALUES (:channel, :lid, :phone, :now);
