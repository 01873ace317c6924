"""The sample district: its territory, invented people, and its first quarter of 2024 replayed by the actions people use."""
