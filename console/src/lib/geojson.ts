/** The three coordinate systems that are met in China; they lie hundreds of metres apart. */
export type Crs = 'gcj02' | 'wgs84' | 'bd09'

/**
 * The system that a GeoJSON file itself states: our own `"crs": "gcj02"`, or the old GeoJSON way, where CRS84, EPSG:4326
 * and EPSG:4490 (CGCS2000, within centimetres) all mean WGS-84. Null when it states none that we know.
 */
export function statedCrs(geojson: Record<string, unknown>): Crs | null {
  const stated = geojson.crs
  if (stated === 'gcj02' || stated === 'wgs84' || stated === 'bd09') return stated
  if (stated === null || typeof stated !== 'object') return null
  const name = (stated as { properties?: { name?: unknown } }).properties?.name
  return typeof name === 'string' && /(CRS84|EPSG:+4326|EPSG:+4490)$/i.test(name) ? 'wgs84' : null
}
