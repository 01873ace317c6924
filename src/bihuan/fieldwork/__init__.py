"""Work in the field: rounds, visits and what they find, paired households, records from a phone without signal."""
