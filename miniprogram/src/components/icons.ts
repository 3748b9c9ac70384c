/** Our own line drawings on a 24 × 24 grid; TownIcon paints them in the colour of the text around. */
export const ICONS = {
  home: '<path d="M3.5 11 12 4l8.5 7"/><path d="M6 9.5V20h12V9.5"/><path d="M10 20v-5.5h4V20"/>',
  camera:
    '<path d="M4 8h3.2l1.6-2.6h6.4L16.8 8H20a1 1 0 0 1 1 1v9.5a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1z"/><circle cx="12" cy="13.3" r="3.7"/>',
  bell: '<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15z"/><path d="M10 21h4"/>',
  user: '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.8-4 3.7-6 7.5-6s6.7 2 7.5 6"/>',
  search: '<circle cx="10.8" cy="10.8" r="6.3"/><path d="m15.5 15.5 5 5"/>',
  list: '<rect x="4.5" y="3.5" width="15" height="17" rx="2"/><path d="M8 8.5h8M8 12.5h8M8 16.5h5"/>',
  phone:
    '<path d="M7.5 3.5 10 8.3 7.9 10.2c1.2 2.6 3.3 4.7 5.9 5.9l1.9-2.1 4.8 2.5c-.2 2.4-1.8 4.2-4.2 4C9.6 20 4 14.4 3.5 7.7c-.2-2.4 1.6-4 4-4.2z"/>',
  pin: '<path d="M12 21c4.5-5 6.5-8.3 6.5-11.2a6.5 6.5 0 0 0-13 0C5.5 12.7 7.5 16 12 21z"/><circle cx="12" cy="9.8" r="2.4"/>',
  back: '<path d="m14.5 5-7 7 7 7"/>',
  next: '<path d="m9.5 5 7 7-7 7"/>',
  close: '<path d="m6 6 12 12M18 6 6 18"/>',
  plus: '<path d="M12 5v14M5 12h14"/>',
  check: '<path d="m5 12.5 4.8 4.8L19.5 7"/>',
  clock: '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.3l3.4 2"/>',
  alert: '<path d="M12 4 2.8 19.8h18.4z"/><path d="M12 10v4.5M12 17v.3"/>',
  copy: '<rect x="8" y="8" width="12" height="12" rx="2"/><path d="M16 8V5.5A1.5 1.5 0 0 0 14.5 4h-9A1.5 1.5 0 0 0 4 5.5v9A1.5 1.5 0 0 0 5.5 16H8"/>',
  route:
    '<circle cx="6" cy="18.5" r="2.3"/><circle cx="18" cy="5.5" r="2.3"/><path d="M8.3 18.5H16a3.2 3.2 0 0 0 0-6.4H8a3.2 3.2 0 0 1 0-6.5h7.6"/>',
  target: '<circle cx="12" cy="12" r="6"/><path d="M12 2.5V6M12 18v3.5M2.5 12H6M18 12h3.5"/>',
  retry: '<path d="M19.5 8.5A8.3 8.3 0 1 0 20.3 13"/><path d="M20 4v4.8h-4.8"/>',
  edit: '<path d="m4.5 19.5.8-4L16 4.8l3.2 3.2L8.5 18.7z"/><path d="M13.5 7.3l3.2 3.2"/>',
  shield:
    '<path d="M12 3 4.5 6v5.5c0 4.6 3 7.8 7.5 9.5 4.5-1.7 7.5-4.9 7.5-9.5V6z"/><path d="m8.7 12 2.4 2.4 4.4-4.6"/>',
  tasks:
    '<path d="m3.5 6.5 1.7 1.7L8.5 5M3.5 13l1.7 1.7 3.3-3.3M3.5 19.5l1.7 1.7 3.3-3.3"/><path d="M12 7h8.5M12 13.3h8.5M12 19.6h8.5"/>',
  offline:
    '<path d="M3 9.5a13.5 13.5 0 0 1 18 0M6.3 13a8.7 8.7 0 0 1 11.4 0M9.6 16.5a4 4 0 0 1 4.8 0"/><path d="M12 19.8v.2M4 4l16 16"/>',
  letter: '<rect x="3.5" y="5" width="17" height="14" rx="2"/><path d="m4 7 8 6 8-6"/>',
  file: '<path d="M6 3.5h8l4.5 4.5v12.5H6z"/><path d="M14 3.5V8h4.5"/><path d="M9 12.5h6M9 16h6"/>',
  lock: '<rect x="5" y="10.5" width="14" height="10" rx="2"/><path d="M8 10.5V7.5a4 4 0 0 1 8 0v3"/>',
  type: '<path d="M3 19 8.5 5 14 19M5 14.5h7"/><path d="m14.5 19 3.3-8.5L21 19M15.7 16.3h4.2"/>',
  link: '<path d="M10 14a4 4 0 0 0 5.7 0l3.3-3.3a4 4 0 0 0-5.7-5.7L12 6.3"/><path d="M14 10a4 4 0 0 0-5.7 0L5 13.3A4 4 0 0 0 10.7 19l1.3-1.3"/>',
  out: '<path d="M10 4H5.5A1.5 1.5 0 0 0 4 5.5v13A1.5 1.5 0 0 0 5.5 20H10"/><path d="M14.5 7.5 19 12l-4.5 4.5M19 12H9.5"/>',
  smile:
    '<circle cx="12" cy="12" r="8.8"/><path d="M8 14.2c1 1.7 2.3 2.5 4 2.5s3-.8 4-2.5M8.8 9.5v.3M15.2 9.5v.3"/>',
  flat: '<circle cx="12" cy="12" r="8.8"/><path d="M8.5 15.3h7M8.8 9.5v.3M15.2 9.5v.3"/>',
  sad: '<circle cx="12" cy="12" r="8.8"/><path d="M8 16.5c1-1.7 2.3-2.5 4-2.5s3 .8 4 2.5M8.8 9.5v.3M15.2 9.5v.3"/>',
  talk: '<path d="M4 5h11a1.5 1.5 0 0 1 1.5 1.5v6A1.5 1.5 0 0 1 15 14H8.5L5 17v-3H4a1.5 1.5 0 0 1-1.5-1.5v-6A1.5 1.5 0 0 1 4 5z"/><path d="M19 9h1a1.5 1.5 0 0 1 1.5 1.5v6A1.5 1.5 0 0 1 20 18h-.8v2.5L16 18h-4"/>',
  echo: '<path d="M4 10v4h3l5 4V6L7 10z"/><path d="M15.3 9.2a4 4 0 0 1 0 5.6M17.8 6.6a7.6 7.6 0 0 1 0 10.8"/>',
  share:
    '<circle cx="6" cy="12" r="2.5"/><circle cx="17.5" cy="5.8" r="2.5"/><circle cx="17.5" cy="18.2" r="2.5"/><path d="m8.2 10.8 7.1-3.8M8.2 13.2l7.1 3.8"/>',
  star: '<path d="m12 3.5 2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9-4.3-4.1 5.9-.8z"/>',
  up: '<path d="M7 10.5v9.5H4v-9.5zM7 19c2 .8 3.5 1 6 1h2.8a2 2 0 0 0 2-1.6l1.2-6a2 2 0 0 0-2-2.4h-4l.6-4a1.9 1.9 0 0 0-3.5-1.2L7 10.5"/>',
  flag: '<path d="M6 21V4M6 4.5h11l-2.2 4 2.2 4H6"/>',
  map: '<path d="m3.5 6 5.7-2 5.6 2 5.7-2v14l-5.7 2-5.6-2-5.7 2zM9.2 4v14M14.8 6v14"/>',
  chart: '<path d="M4 20.5h16M6.5 17v-5M12 17V6M17.5 17v-8"/>',
  ballot: '<path d="M4 12h16v8.5H4z"/><path d="M8 12V4h8v8M9.5 16h5"/>',
  open: '<path d="M4 4.5h16M5.5 4.5V16h13V4.5"/><path d="M9 8.5h6M9 12h4M12 16v4M8.5 20h7"/>',
  coins:
    '<circle cx="12" cy="12" r="8.8"/><path d="m8.5 7.5 3.5 4.5 3.5-4.5M12 12v5.5M8.8 12.5h6.4M8.8 15h6.4"/>',
  village:
    '<path d="M3 20.5h18M4.5 20.5v-7.2L9 9.5l4.5 3.8v7.2M13.5 20.5V8.5L17 5.5l3.5 3v12"/><path d="M8 20.5v-4h2v4"/>',
  hands:
    '<path d="M7.5 20.5v-4L4 12.8V6.5a1.4 1.4 0 0 1 2.8 0v4.2l3.7 3.6v6.2M16.5 20.5v-4l3.5-3.7V6.5a1.4 1.4 0 0 0-2.8 0v4.2l-3.7 3.6v6.2"/>',
  qr: '<path d="M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4z"/><path d="M14 14h2.5v2.5H14zM20 14v2.5M17.5 20H20v-1M14 20h1"/>',
  seat: '<path d="M6.5 12V5.5h11V12M4 10.5v7h16v-7M6 17.5V20M18 17.5V20"/>',
  play: '<path d="M8 5v14l11-7z"/>',
  pause: '<path d="M8.5 5.5v13M15.5 5.5v13"/>',
  book: '<path d="M12 6.5C10 5 7 4.5 3.5 5v13c3.5-.5 6.5 0 8.5 1.5 2-1.5 5-2 8.5-1.5V5c-3.5-.5-6.5 0-8.5 1.5zM12 6.5v13"/>',
  horn: '<path d="M4 10v4h3l9 4.5V5.5L7 10zM7 14v5h3v-3.5M19 9.5a3.5 3.5 0 0 1 0 5"/>',
  heart:
    '<path d="M12 20C6 15.5 3.5 12.5 3.5 9A4.5 4.5 0 0 1 12 6.8 4.5 4.5 0 0 1 20.5 9c0 3.5-2.5 6.5-8.5 11z"/>',
} as const

export type IconName = keyof typeof ICONS

/** The drawing as a data address, for a CSS mask: no file is asked for. */
export function maskOf(name: IconName): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#000" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">${ICONS[name]}</svg>`
  return `url("data:image/svg+xml,${encodeURIComponent(svg)}")`
}
