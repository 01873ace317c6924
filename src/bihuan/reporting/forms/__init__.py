"""Superiors' blank forms: what they ask for, asked once, given back filled."""
