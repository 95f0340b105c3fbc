"""What the office's large steps cost, each beside a peer that does the same work, on the same file, in the same run."""
