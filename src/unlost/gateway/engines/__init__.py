"""Engines speak to WhatsApp; the gateway outlives them. An engine may fail at any call, the gateway may not."""

from unlost.gateway.engines.port import Engine, EngineAway, EngineCrashed, PictureHidden, PictureMissing
from unlost.gateway.engines.simulated import SimulatedEngine

__all__ = ["Engine", "EngineAway", "EngineCrashed", "PictureHidden", "PictureMissing", "SimulatedEngine"]
