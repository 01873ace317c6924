"""The sample district: its territory, invented people, and its first quarter of 2024.

The quarter is replayed by the very actions that people use; no row is inserted beside them.
"""
