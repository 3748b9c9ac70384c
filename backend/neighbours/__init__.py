"""邻里互助: offers and requests among neighbours."""
