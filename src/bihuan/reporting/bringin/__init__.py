"""Old ledgers brought in: guessed, corrected once, whole or not at all."""
