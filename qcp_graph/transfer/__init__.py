"""Downloads for every stage that needs one: bounded, guarded, complete or not at all."""
