"""The shared kernel: wording and settings that every capability uses."""
