/** Reads where a photo was taken from its EXIF data (H5); a module of its own, so that it loads with the first photo. */
export { gps } from 'exifr/dist/lite.esm.mjs'
