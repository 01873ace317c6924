"""Whatever leaves the house as a file leaves an entry: the one home for it, called by every export."""
