"""Long-lived processes around the sans-IO wires."""
