"""Pages of indicators, values and the rows behind them."""
