/** Hands a file to the browser to be kept. */
export function keepFile({ name, data }: { name: string; data: Blob }): void {
  const address = URL.createObjectURL(data)
  const link = Object.assign(document.createElement('a'), { href: address, download: name })
  link.click()
  URL.revokeObjectURL(address)
}
