"""Django's PostgreSQL backend with three costs of every request taken away; ``ENGINE`` names this package."""
