"""What a client's exports say together: joined, measured by month, and how sure it is."""
