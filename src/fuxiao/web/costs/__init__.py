"""Pages of costs and compensation: proposals, approvals, limits."""
