"""Mapping engines side by side: one invented register in three formats, one result."""
