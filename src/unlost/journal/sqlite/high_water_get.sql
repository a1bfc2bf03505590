-- The highest message id known of the channel's helpdesk.
SELECT helpdesk.high_water FROM channel JOIN helpdesk ON helpdesk.name = channel.helpdesk WHERE channel.name = :channel;
