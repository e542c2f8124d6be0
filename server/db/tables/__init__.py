"""The schema, one module per subject; all of it hangs on one MetaData."""
