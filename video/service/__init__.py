"""One function per use case of consults: load, decide, save; time, ids and numbers come with the act."""
