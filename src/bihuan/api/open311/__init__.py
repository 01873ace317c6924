"""Open311 GeoReport v2: the interface that other cities' clients speak, read and write, XML and JSON."""
