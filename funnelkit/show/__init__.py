"""What people see: words and numbers in their language, charts, tables."""
