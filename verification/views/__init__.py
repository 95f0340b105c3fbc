"""Pages on which people decide about houses."""
