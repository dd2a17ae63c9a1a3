"""Definition to expression: dataset contracts, facts, indicators. Builds Ibis expressions and never runs them."""
