-- One channel's device, helpdesk and start mark.
SELECT device, helpdesk, start_mark FROM channel WHERE name = :name;
