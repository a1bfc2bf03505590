"""Engines speak to WhatsApp; the gateway outlives them. An engine may fail at any call, the gateway may not."""
