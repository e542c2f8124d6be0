"""Read-only projections for screens, each starting from the one scoping door."""
