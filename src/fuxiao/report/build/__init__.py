"""From results to pages: every figure worded and every picture measured before a template sees them."""
