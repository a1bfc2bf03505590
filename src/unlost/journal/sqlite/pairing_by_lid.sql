-- The number a LID is known to hide.
SELECT phone FROM pairing WHERE channel = :channel AND lid = :lid;
