"""The core: discovery of apps, layers, the Plan, and one web.Application built from it."""
