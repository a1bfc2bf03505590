-- A helpdesk known keeps its high-water id.
INSERT INTO helpdesk (name) VALUES (:name) ON CONFLICT DO NOTHING;
