"""Studies, index, query, routing, reading orders, reports and ECG: decisions without I/O."""
