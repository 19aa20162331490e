"""From the text that was typed to the plan that an engine runs."""
