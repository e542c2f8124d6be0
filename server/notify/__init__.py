"""Words to a person's phone: by a gateway over HTTP where one is set, else into a file that a demonstration reads."""
