"""Points at which a problem is checked: sizes that tell things apart, random values, kinks avoided."""
