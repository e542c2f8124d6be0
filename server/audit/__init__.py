"""What an audit record says and how the chain is sealed; pure."""
