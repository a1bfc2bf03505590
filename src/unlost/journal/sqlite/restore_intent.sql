-- What a post of the entry would have been begun with, by whichever journal that is gone.
SELECT channel.restored_above, chat_link.conversation FROM entry JOIN channel ON channel.name = entry.channel
  LEFT JOIN chat_link ON chat_link.channel = entry.channel AND chat_link.chat =
    coalesce((SELECT phone FROM pairing WHERE channel = entry.channel AND lid = entry.chat), entry.chat) WHERE entry.id = :id;
