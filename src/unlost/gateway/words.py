"""What people in the simulated traffic say: several languages and scripts, so that nothing is assumed of a text."""

from __future__ import annotations

NAMES = ("Ana", "Bia", "Caio", "Dirce", "Édson", "Fátima", "Gil", "עומר", "سارة", "Жанна", "莉", "🌻 Rosa")
LINES = (
    "Bom dia! Vocês abrem hoje?",
    "Quanto custa a entrega para o centro?",
    "Hello, is my order ready?",
    "¿Tienen la talla 42?",
    "Selamat pagi, pesanan saya sudah dikirim?",
    "שלום, מתי אתם פותחים?",
    "مرحبا، هل المنتج متوفر؟",
    "Perfeito 👍🏽 obrigada!!",
    "a < b && c > d, 100% *negrito* _itálico_",
    "duas linhas\ne mais uma",
    "👨‍👩‍👧‍👦❤️‍🔥",
    "{{ contact.name }} {% raw %}",
)
REPLIES = ("Sim, abrimos às 9h", "ok", "👍", "Claro, já te mando", "Amanhã cedo", "לא, תודה", "Yes please")
EMOJI = ("👍", "❤️", "😂", "😮", "🙏", "🎉")
TOWNS = (("Curitiba", -25.4284, -49.2733), ("Recife", -8.0476, -34.877), ("Jakarta", -6.2088, 106.8456))
