"""What people type on the officers' pages."""
