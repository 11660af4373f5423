"""Values that travel between the stages: frozen, typed, without input or output."""
