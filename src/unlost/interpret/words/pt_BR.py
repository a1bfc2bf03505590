"""Português do Brasil."""  # noqa: N999  # the language tag, as gettext writes it

from unlost.interpret.words.catalogue import Words
from unlost.vocabulary.events import Attachment

PT_BR = Words(
    unknown="Desconhecido",
    group="Grupo …{digits}",
    time_pattern="%d/%m/%Y %H:%M",
    told_at="🕓 Enviada em {time}",
    told_earlier="🕓 Enviada antes",
    forwarded="↪️ Encaminhada",
    view_once="👁️ Visualização única",
    unsupported="⚠️ Mensagem que não pode ser exibida aqui. Veja no celular.",
    attachments={
        Attachment.IMAGE: "📷 Foto (veja no celular)",
        Attachment.VIDEO: "🎥 Vídeo (veja no celular)",
        Attachment.VIDEO_NOTE: "🎥 Recado de vídeo (veja no celular)",
        Attachment.AUDIO: "🎤 Áudio (ouça no celular)",
        Attachment.DOCUMENT: "📄 Documento (abra no celular)",
        Attachment.STICKER: "🖼️ Figurinha (veja no celular)",
        Attachment.CONTACT: "👤 Contato (veja no celular)",
        Attachment.CONTACTS: "👥 Contatos (veja no celular)",
        Attachment.LOCATION: "📍 Localização (veja no celular)",
        Attachment.LIVE_LOCATION: "📍 Localização em tempo real (acompanhe no celular)",
        Attachment.LIST: "📋 Lista (veja no celular)",
        Attachment.ORDER: "🛒 Pedido (veja no celular)",
        Attachment.INTERACTIVE: "🔘 Mensagem interativa (veja no celular)",
    },
    file_follows="⏳ O arquivo chegará aqui assim que estiver disponível",
    file_too_large="📦 Maior que {limit} MB: não foi copiado",
    picture_bomb="⚠️ Imagem de tamanho anormal: não foi copiada",
    file_not_taken="⚠️ O sistema de atendimento não aceitou o arquivo",
    file_late="📎 O arquivo desta mensagem",
    reacted="Reagiu com {emoji}",
    took_back_reaction="Removeu uma reação",
    edited="✏️ Editada: {text}",
    edited_caption="✏️ Editou a legenda (veja no celular)",
    revoked="🗑️ Apagou esta mensagem",
    joined="Entrada no grupo: {people}",
    left="Saída do grupo: {people}",
    promoted="Promoção a admin do grupo: {people}",
    demoted="Remoção da função de admin do grupo: {people}",
    members_changed="Mudança nos participantes do grupo: {people}",
    more_people="e mais {count}",
    incoming_call="📞 Chamada recebida no WhatsApp",
    note_of_dead_letter=(
        "⚠️ Uma mensagem do WhatsApp desta conversa não pôde ser exibida aqui. "
        "Ela está guardada e pode ser reprocessada; até lá, veja no celular."
    ),
    not_sent="não enviada: esta versão só recebe mensagens",
)
