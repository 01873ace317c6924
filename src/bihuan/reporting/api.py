"""What other packages may use of reporting."""
