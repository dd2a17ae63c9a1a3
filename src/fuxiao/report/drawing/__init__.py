"""Geometry of the small pictures: positions in pixels for inline SVG. Floats end here; nothing is read back."""
