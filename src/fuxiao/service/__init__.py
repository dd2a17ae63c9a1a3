"""The service desk: customers and devices, cases and their life, who works on what."""
