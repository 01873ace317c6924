"""Spreadsheets of any layout: read as they look, filled without touching anything else. Pure."""
