-- A channel known keeps its start mark.
INSERT INTO channel (name, device, helpdesk, start_mark, marked_boot) VALUES (:name, :device, :helpdesk, :now, :boot)
  ON CONFLICT DO UPDATE SET device = excluded.device, helpdesk = excluded.helpdesk;
