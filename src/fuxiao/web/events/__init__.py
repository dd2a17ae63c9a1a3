"""The register of events that schemes count, on pages."""
