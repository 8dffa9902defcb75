"""Speed as ratios, each against what a user would pick instead, measured in one run. Never a test."""
