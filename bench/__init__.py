"""Measures Fuxiao against hand-written SQL, pandas, polars and itself; run it as ``python -m bench``."""
