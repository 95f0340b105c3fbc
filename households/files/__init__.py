"""What somebody sent, opened safely and made plain: the only rooms that know the readers of workbooks."""
