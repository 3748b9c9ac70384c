/** Is the point inside the ring? Even-odd rule; a ring is a closed list of [lon, lat]. */
function inRing(lon: number, lat: number, ring: number[][]): boolean {
  let inside = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [x1 = 0, y1 = 0] = ring[i] ?? []
    const [x2 = 0, y2 = 0] = ring[j] ?? []
    const crosses = y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1
    if (crosses) inside = !inside
  }
  return inside
}

/** Is the point inside a GeoJSON Polygon or MultiPolygon? For showing only: which grid owns a case is for the server to say. */
export function contains(
  geometry: { type: string; coordinates: unknown },
  point: { lon: number; lat: number },
): boolean {
  const polygons = (
    geometry.type === 'MultiPolygon' ? geometry.coordinates : [geometry.coordinates]
  ) as number[][][][]
  return polygons.some(([outer = [], ...holes]) => {
    const { lon, lat } = point
    return inRing(lon, lat, outer) && !holes.some((hole) => inRing(lon, lat, hole))
  })
}
