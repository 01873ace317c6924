"""Plays scenarios through the pure engine, with no database."""

from .run import Line, Simulation, simulate

__all__ = ["Line", "Simulation", "simulate"]
