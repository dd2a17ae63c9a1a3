"""The pages: a shell, components, and one folder a capability with its views, forms, addresses and presenters."""
