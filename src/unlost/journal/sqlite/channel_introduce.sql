-- A channel known keeps its start mark.
INSERT INTO channel (name, device, helpdesk, start_mark) VALUES (:name, :device, :helpdesk, :now)
  ON CONFLICT DO UPDATE SET device = excluded.device, helpdesk = excluded.helpdesk;
