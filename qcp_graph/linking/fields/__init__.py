"""Fields of education (ISCED-F 2013) for qualifications whose register states none."""
