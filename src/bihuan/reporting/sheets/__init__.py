"""Spreadsheets as people lay them out: headings, cells, filling; pure, no Django."""
