"""Questions asked of the model and of finished runs."""
