"""One async function for each use case: load, decide, save; ports are awaited, nothing else is known of the world."""
