"""Bahasa Indonesia."""

from unlost.interpret.words.catalogue import Words
from unlost.vocabulary.events import Attachment

ID = Words(
    unknown="Tidak dikenal",
    group="Grup …{digits}",
    time_pattern="%d/%m/%Y %H.%M",
    told_at="🕓 Dikirim pada {time}",
    told_earlier="🕓 Dikirim sebelumnya",
    forwarded="↪️ Diteruskan",
    view_once="👁️ Sekali lihat",
    unsupported="⚠️ Pesan ini tidak dapat ditampilkan di sini. Silakan lihat di ponsel.",
    attachments={
        Attachment.IMAGE: "📷 Foto (lihat di ponsel)",
        Attachment.VIDEO: "🎥 Video (lihat di ponsel)",
        Attachment.VIDEO_NOTE: "🎥 Pesan video (lihat di ponsel)",
        Attachment.AUDIO: "🎤 Audio (dengarkan di ponsel)",
        Attachment.DOCUMENT: "📄 Dokumen (buka di ponsel)",
        Attachment.STICKER: "🖼️ Stiker (lihat di ponsel)",
        Attachment.CONTACT: "👤 Kontak (lihat di ponsel)",
        Attachment.CONTACTS: "👥 Beberapa kontak (lihat di ponsel)",
        Attachment.LOCATION: "📍 Lokasi (lihat di ponsel)",
        Attachment.LIVE_LOCATION: "📍 Lokasi terkini (pantau di ponsel)",
        Attachment.LIST: "📋 Daftar (lihat di ponsel)",
        Attachment.ORDER: "🛒 Pesanan (lihat di ponsel)",
        Attachment.INTERACTIVE: "🔘 Pesan interaktif (lihat di ponsel)",
    },
    file_follows="⏳ Berkasnya menyusul di sini begitu tersedia",
    file_too_large="📦 Lebih besar dari {limit} MB: tidak disalin",
    picture_bomb="⚠️ Gambar berukuran tidak wajar: tidak disalin",
    file_not_taken="⚠️ Helpdesk tidak menerima berkas ini",
    file_late="📎 Berkas dari pesan ini",
    reacted="Bereaksi dengan {emoji}",
    took_back_reaction="Menghapus reaksi",
    edited="✏️ Diedit: {text}",
    edited_caption="✏️ Keterangan diedit (lihat di ponsel)",
    revoked="🗑️ Pesan ini dihapus",
    joined="Bergabung ke grup: {people}",
    left="Keluar dari grup: {people}",
    promoted="Dijadikan admin grup: {people}",
    demoted="Bukan lagi admin grup: {people}",
    members_changed="Anggota grup berubah: {people}",
    more_people="dan {count} lainnya",
    incoming_call="📞 Panggilan masuk di WhatsApp",
    note_of_dead_letter=(
        "⚠️ Sebuah pesan WhatsApp di obrolan ini tidak dapat ditampilkan di sini. "
        "Pesan itu disimpan dan bisa dicoba lagi; sementara itu, silakan lihat di ponsel."
    ),
    not_sent="tidak terkirim: versi ini hanya menerima pesan",
)
