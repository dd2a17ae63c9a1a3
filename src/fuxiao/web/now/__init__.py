"""The running month: figures as fresh as the last record."""
