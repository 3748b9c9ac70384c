import { describe, expect, it } from 'vitest'
import { statedCrs } from '@/lib/geojson'

const named = (name: string) => ({ crs: { type: 'name', properties: { name } } })

describe('the coordinate system of a GeoJSON file', () => {
  it.each([
    [{ crs: 'gcj02' }, 'gcj02'],
    [{ crs: 'bd09' }, 'bd09'],
    [named('urn:ogc:def:crs:OGC:1.3:CRS84'), 'wgs84'],
    [named('urn:ogc:def:crs:EPSG::4490'), 'wgs84'],
    [named('urn:ogc:def:crs:EPSG::4549'), null],
    [{ crs: null }, null],
    [{}, null],
  ])('%j is %s', (geojson, crs) => {
    expect(statedCrs(geojson)).toBe(crs)
  })
})
