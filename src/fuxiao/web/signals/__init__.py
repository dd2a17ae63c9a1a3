"""Pages of gaming signals: the queue, one review, and the thresholds with what the reviews teach them."""
