"""What is there, as one model, read from templates."""
