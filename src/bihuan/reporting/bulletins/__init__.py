"""Bulletins, notices, role models: written, checked, signed, published."""
