"""The flow: orders the stages, decides what is published, writes provenance, builds releases."""
