"""Design tokens, layouts, components, simulators' JavaScript; knows no domain."""
