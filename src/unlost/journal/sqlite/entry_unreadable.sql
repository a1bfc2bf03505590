-- A row that no program of this version can read: put aside, kept, and no other's trouble.
UPDATE entry SET state = 'dead', lease_token = NULL, lease_lane = NULL, begun = 0, verdict = 'dead', reason = 'unreadable row',
    settled_at = :now WHERE id = :id AND state = 'leased';
