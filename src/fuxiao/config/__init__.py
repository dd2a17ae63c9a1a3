"""Settings, addresses and the ASGI application of the web application."""
