"""A media room: who may send and receive (the roster), everybody's connections, and the offers between them."""
