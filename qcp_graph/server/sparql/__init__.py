"""The public SPARQL endpoint: protocol, guard, and a pool of killable worker processes."""
