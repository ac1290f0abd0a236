"""What to do with a model: scenarios, decomposition, diagnosis, uncertainty. Knows no client."""
