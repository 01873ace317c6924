"""The field front: an installable page that works without a network. What it shows comes from ``/api/v1/field/``."""
