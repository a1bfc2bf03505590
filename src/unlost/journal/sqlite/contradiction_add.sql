-- A pairing that contradicts a known one: shown to a person, joins nothing.
INSERT INTO contradiction (channel, lid, phone, seen_at) VALUES (:channel, :lid, :phone, :now) ON CONFLICT DO NOTHING;
