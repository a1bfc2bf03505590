-- The newest message that reconcile saw, or that came since, by WhatsApp's time; none where reconcile saw none.
SELECT max(max(looked_until), coalesce(
    (SELECT max(told_at) FROM entry WHERE direction = 'in' AND id > (SELECT max(id) FROM entry) - :limit), 0)) FROM channel;
