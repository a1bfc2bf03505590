"""Español."""

from unlost.interpret.words.catalogue import Words
from unlost.vocabulary.events import Attachment

ES = Words(
    unknown="Desconocido",
    group="Grupo …{digits}",
    time_pattern="%d/%m/%Y %H:%M",
    told_at="🕓 Enviado el {time}",
    told_earlier="🕓 Enviado antes",
    forwarded="↪️ Reenviado",
    view_once="👁️ Ver una sola vez",
    unsupported="⚠️ Un mensaje que no se puede mostrar aquí. Puedes verlo en el teléfono.",
    attachments={
        Attachment.IMAGE: "📷 Foto (puedes verla en el teléfono)",
        Attachment.VIDEO: "🎥 Video (puedes verlo en el teléfono)",
        Attachment.VIDEO_NOTE: "🎥 Videomensaje (puedes verlo en el teléfono)",
        Attachment.AUDIO: "🎤 Audio (puedes escucharlo en el teléfono)",
        Attachment.DOCUMENT: "📄 Documento (puedes abrirlo en el teléfono)",
        Attachment.STICKER: "🖼️ Sticker (puedes verlo en el teléfono)",
        Attachment.CONTACT: "👤 Contacto (puedes verlo en el teléfono)",
        Attachment.CONTACTS: "👥 Contactos (puedes verlos en el teléfono)",
        Attachment.LOCATION: "📍 Ubicación (puedes verla en el teléfono)",
        Attachment.LIVE_LOCATION: "📍 Ubicación en tiempo real (puedes seguirla en el teléfono)",
        Attachment.LIST: "📋 Lista (puedes verla en el teléfono)",
        Attachment.ORDER: "🛒 Pedido (puedes verlo en el teléfono)",
        Attachment.INTERACTIVE: "🔘 Mensaje interactivo (puedes verlo en el teléfono)",
    },
    file_follows="⏳ El archivo llegará aquí en cuanto esté disponible",
    file_too_large="📦 Más de {limit} MB: no se copia aquí",
    picture_bomb="⚠️ Imagen de tamaño anormal: no se copia aquí",
    file_not_taken="⚠️ El sistema de atención no aceptó el archivo",
    file_late="📎 El archivo de este mensaje",
    reacted="Reaccionó con {emoji}",
    took_back_reaction="Quitó una reacción",
    edited="✏️ Editado: {text}",
    edited_caption="✏️ Editó el pie de foto (puedes verlo en el teléfono)",
    revoked="🗑️ Eliminó este mensaje",
    joined="Ingreso al grupo: {people}",
    left="Salida del grupo: {people}",
    promoted="Nombramiento como admin. del grupo: {people}",
    demoted="Fin de la función de admin. del grupo: {people}",
    members_changed="Cambio en los participantes del grupo: {people}",
    more_people="y {count} más",
    incoming_call="📞 Llamada entrante en WhatsApp",
    note_of_dead_letter=(
        "⚠️ Un mensaje de WhatsApp de este chat no se pudo mostrar aquí. "
        "Está guardado y se puede reintentar; mientras tanto, míralo en el teléfono."
    ),
    not_sent="no enviado: esta versión solo recibe mensajes",
)
