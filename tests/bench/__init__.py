"""Speed and memory as ratios against a peer in the same run (targets of the project); never a timed test."""
