-- What is known of either address.
SELECT lid, phone FROM pairing WHERE channel = :channel AND (lid = :lid OR phone = :phone);
