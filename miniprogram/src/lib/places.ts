import type { FeatureCollection, Position } from 'geojson'
import type { Point } from '@/api/types'

/** A place that stands for several things, in GCJ-02. */
export interface Spot extends Point {
  id: string
  name: string
  count: number
}

const EARTH_M = 6_371_000
const rad = (degrees: number) => (degrees * Math.PI) / 180

/** Metres between two points of one coordinate system, along the great circle. */
export function metresBetween(a: Point, b: Point): number {
  const h =
    Math.sin(rad(b.lat - a.lat) / 2) ** 2 +
    Math.cos(rad(a.lat)) * Math.cos(rad(b.lat)) * Math.sin(rad(b.lon - a.lon) / 2) ** 2
  return 2 * EARTH_M * Math.asin(Math.sqrt(h))
}

/** `230 米`, `1.2 公里`. */
export function showDistance(metres: number): string {
  return metres < 1000 ? `${Math.round(metres / 10) * 10} 米` : `${(metres / 1000).toFixed(1)} 公里`
}

/** Outer rings of every polygon of one level, as WeChat's map wants them. */
export function outlines(
  map: FeatureCollection | null,
  level: string,
): { name: string; ring: Point[] }[] {
  return (map?.features ?? [])
    .filter((feature) => feature.properties?.level === level)
    .flatMap((feature) => {
      const name = String(feature.properties?.name ?? '')
      return outerRings(feature.geometry).map((ring) => ({
        name,
        ring: ring.map(([lon = 0, lat = 0]) => ({ lon, lat })),
      }))
    })
}

function outerRings(geometry: FeatureCollection['features'][number]['geometry']): Position[][] {
  if (geometry.type === 'Polygon') return geometry.coordinates.slice(0, 1)
  if (geometry.type === 'MultiPolygon')
    return geometry.coordinates.flatMap((part) => part.slice(0, 1))
  return []
}

/** Middle of the town's box, where an empty map begins. */
export function middleOf(map: FeatureCollection | null): Point | null {
  const points = outlines(map, 'town').flatMap((outline) => outline.ring)
  if (points.length === 0) return null
  const lons = points.map((point) => point.lon)
  const lats = points.map((point) => point.lat)
  return {
    lon: (Math.min(...lons) + Math.max(...lons)) / 2,
    lat: (Math.min(...lats) + Math.max(...lats)) / 2,
  }
}
