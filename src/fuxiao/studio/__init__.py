"""What business people set up without code: template packs to start from."""
