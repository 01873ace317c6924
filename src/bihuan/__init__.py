"""Bihuan 闭环: runs a district's grassroots work as work methods."""

__version__ = "0.1.0"
