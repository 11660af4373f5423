"""Official test suites, run case by case; ``docs/conformance.md`` is written from the results."""
