"""What speaks for the model: targets, calibration, hindcast, rivals."""
