"""Duty rosters of teams: made by turns, stood, handed over; what came in meanwhile; the hours that were given."""
