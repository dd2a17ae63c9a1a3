"""Pages of customers, their devices, and the catalogues of products and faults."""
