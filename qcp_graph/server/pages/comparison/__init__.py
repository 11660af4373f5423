"""The comparison of qualifications as people see it."""
