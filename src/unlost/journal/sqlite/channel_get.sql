-- One channel's device, helpdesk, start mark, and how far reconcile has looked.
SELECT device, helpdesk, start_mark, looked_until FROM channel WHERE name = :name;
