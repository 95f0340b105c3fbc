"""How sure it is which house a row means: one row alone, and with the list around it."""
