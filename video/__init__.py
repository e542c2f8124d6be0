"""Video consults (a later walk; the package holds its place in the import contracts)."""
