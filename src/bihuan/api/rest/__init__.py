"""The REST interface, version 1: one module for each thing people work with; ``v1`` puts them together."""
