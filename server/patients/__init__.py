"""Who a patient is: identifiers, names, assistance; pure."""
