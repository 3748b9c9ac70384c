/** Leaflet on the town's own boundaries, without tiles. Loaded only in H5, and only when a map comes on screen. */
import type { Feature, FeatureCollection } from 'geojson'
import {
  divIcon,
  geoJSON,
  latLng,
  layerGroup,
  map as leaflet,
  marker,
  svg,
  type LatLng,
  type Marker,
  type PathOptions,
} from 'leaflet'
import 'leaflet/dist/leaflet.css'
import './leafletMap.css'
import type { Point } from '@/api/types'
import type { Spot } from './places'

export interface MapView {
  put: (point: Point | null) => void
  /** Places with a number each; a tap tells which. */
  mark: (spots: Spot[], onOpen: (id: string) => void) => void
  close: () => void
}

const STYLES: Record<string, PathOptions> = {
  town: { color: '#0b5d5a', weight: 2.5, fill: false },
  area: { color: '#0e7470', weight: 1.6, fill: false },
  village: { color: '#8fb3ab', weight: 1.2, fillColor: '#f4faf5', fillOpacity: 1 },
  grid: { color: '#b9d0c8', weight: 0.8, dashArray: '3 4', fill: false },
}
const ORDER = ['village', 'grid', 'area', 'town']
const TINTS = ['#f1f8ef', '#eaf5f1', '#f6f7ea', '#edf3f8', '#f3f1f7']

function levelOf(feature?: Feature): string {
  return String(feature?.properties?.level ?? '')
}

function styleOf(feature: Feature | undefined, index: number): PathOptions {
  const style = STYLES[levelOf(feature)] ?? {}
  return levelOf(feature) === 'village'
    ? { ...style, fillColor: TINTS[index % TINTS.length] }
    : style
}

/** Draws the map into a box. With `onPick` the pin can be dragged and a tap moves it. */
export function openMap(
  box: HTMLElement,
  data: FeatureCollection,
  onPick: ((point: Point) => void) | null,
): MapView {
  const map = leaflet(box, {
    attributionControl: false,
    zoomControl: true,
    minZoom: 9,
    maxZoom: 18,
    zoomSnap: 0.25,
    renderer: svg({ padding: 0.5 }),
  })
  map.zoomControl.setPosition('bottomright')
  for (const link of Array.from(box.querySelectorAll('.leaflet-control-zoom a'))) {
    const zoomsIn = link.classList.contains('leaflet-control-zoom-in')
    link.setAttribute('title', zoomsIn ? '放大' : '缩小')
    link.setAttribute('aria-label', zoomsIn ? '放大地图' : '缩小地图')
  }
  box.setAttribute('role', 'application')
  box.setAttribute('aria-label', onPick ? '本镇地图，点一下放图钉，也可以拖动图钉' : '本镇地图')

  const features = ORDER.flatMap((level) => data.features.filter((one) => levelOf(one) === level))
  let index = 0
  const layer = geoJSON(features as unknown as FeatureCollection, {
    interactive: false,
    style: (feature) => styleOf(feature, index++),
    onEachFeature: (feature, shape) => {
      if (levelOf(feature) !== 'village') return
      shape.bindTooltip(String(feature.properties?.name ?? ''), {
        permanent: true,
        direction: 'center',
        className: 'village-name',
      })
    },
  }).addTo(map)
  const bounds = layer.getBounds()
  if (bounds.isValid()) {
    map.fitBounds(bounds, { padding: [8, 8] })
    map.setMaxBounds(bounds.pad(0.6))
  }
  const names = () => box.classList.toggle('show-names', map.getZoom() >= bounds0 + 1)
  const bounds0 = map.getZoom()
  map.on('zoomend', names)

  let pin: Marker | null = null
  const tell = (at: LatLng) => onPick?.({ lon: at.lng, lat: at.lat })
  if (onPick) map.on('click', (event) => tell(event.latlng))

  function place(at: LatLng): void {
    if (pin) {
      pin.setLatLng(at)
      return
    }
    const look =
      '<svg viewBox="0 0 32 40" width="36" height="45" aria-hidden="true"><path d="M16 39C26 26 30.5 21 30.5 14.5a14.5 14.5 0 0 0-29 0C1.5 21 6 26 16 39z" fill="#bf4a27" stroke="#fff" stroke-width="2"/><circle cx="16" cy="14.5" r="5.5" fill="#fff"/></svg>'
    pin = marker(at, {
      draggable: onPick !== null,
      title: '图钉',
      alt: '图钉',
      icon: divIcon({
        className: 'town-pin',
        html: look,
        iconSize: [60, 60],
        iconAnchor: [30, 59],
      }),
    }).addTo(map)
    pin.on('dragend', () => pin && tell(pin.getLatLng()))
  }

  const numbers = layerGroup().addTo(map)

  return {
    mark(spots, onOpen) {
      numbers.clearLayers()
      for (const { id, lon, lat, count, name } of spots) {
        const html = `<span class="spot" role="button" aria-label="${name}，${count} 件">${count}</span>`
        const icon = divIcon({ className: 'town-spot', html, iconSize: [44, 44] })
        const at: [number, number] = [lat, lon]
        marker(at, { icon, title: name, alt: name })
          .on('click', () => onOpen(id))
          .addTo(numbers)
      }
    },
    put(point) {
      if (!point) {
        pin?.remove()
        pin = null
        return
      }
      const at = latLng(point.lat, point.lon)
      place(at)
      if (map.getZoom() < bounds0 + 2) map.setView(at, bounds0 + 2)
      else if (!map.getBounds().pad(-0.15).contains(at)) map.panTo(at)
    },
    close: () => map.remove(),
  }
}
