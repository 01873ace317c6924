"""Figures: declared, folded, read, checked."""
