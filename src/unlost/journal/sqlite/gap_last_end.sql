-- When a channel's last gap ended; of a gateway that told us too much at once WhatsApp kept nothing back.
SELECT max(closed_at) FROM gap WHERE channel = :channel AND cause <> :besides;
