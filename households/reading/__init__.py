"""From the sheets of a workbook to the rows of a community's list: which columns, which lines, what each cell says."""
