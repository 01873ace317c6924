"""What maintainers run through ``make``: the suite, the lock files, checks of the repository itself."""
