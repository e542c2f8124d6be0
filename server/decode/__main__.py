"""`python -m server.decode lutong decode`: one decode child, as its owner starts it."""

from server.decode.child import main

main()
