"""The voice of the customer and quality: surveys, complaints, checks."""
