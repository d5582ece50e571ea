"""Pure data: what the stages hand each other. No behaviour beyond validation."""
