"""Lists: their address, filters, order, pages, columns, cells, tools around them, live updates."""
