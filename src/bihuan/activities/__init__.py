"""Activities and the teams that hold them: a place, a time, who signed up, who came."""
