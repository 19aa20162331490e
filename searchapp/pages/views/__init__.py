"""What the templates show: plain values, every text and link of them ready."""
