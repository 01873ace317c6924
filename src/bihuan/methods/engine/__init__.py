"""The pure engine: decides what an event does to a matter's state. Knows no Django, no database, no clock."""
