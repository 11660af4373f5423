"""The command line: one file per noun, lazy imports, no domain logic."""
