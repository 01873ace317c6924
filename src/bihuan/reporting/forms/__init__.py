"""Superiors' forms: recognised, asked about once, filled."""
