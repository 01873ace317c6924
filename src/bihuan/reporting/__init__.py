"""What is derived from the record: figures, registers, forms, bulletins, official documents."""
