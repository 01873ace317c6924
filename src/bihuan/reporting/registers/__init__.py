"""Registers: defined as data, listed, sent out as Excel and CSV."""
