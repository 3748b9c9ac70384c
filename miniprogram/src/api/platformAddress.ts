/** Addresses as people and other programs write them, in a browser. */

/** An address without its last part, as people shorten it (`/m/pages-wall/home`), is that page's (H5). */
export function completeAddress(): void {
  // #ifdef H5
  const { pathname, search, hash } = location
  if (/^\/m\/pages[\w-]*\/[\w-]+\/?$/.test(pathname)) {
    history.replaceState(history.state, '', `${pathname.replace(/\/$/, '')}/index${search}${hash}`)
  }
  // #endif
}

/** A file's address for uni-app's own elements and players: in H5 they put the pages' folder before a bare path. */
export function wholeAddress(url: string): string {
  // #ifdef H5
  if (url.startsWith('/')) return location.origin + url
  // #endif
  return url
}
