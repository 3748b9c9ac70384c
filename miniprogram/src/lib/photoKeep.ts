/** Photos in the browser's IndexedDB: a draft's pictures outlive a reload (H5). */
export { del, get, set } from 'idb-keyval'
