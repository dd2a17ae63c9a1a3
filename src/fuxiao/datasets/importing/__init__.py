"""Files in: reads any common table, maps its columns, checks every value, and says what it did with each fault."""
