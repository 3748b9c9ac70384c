/** Waits until `look` answers something true; rejects with what was awaited and what there is. */
async function until(what, look, { ms = 4000, every = 20, seen = () => '' } = {}) {
  const end = Date.now() + ms
  for (;;) {
    const found = await look()
    if (found) return found
    if (Date.now() > end) throw new Error(`Waited ${ms} ms for: ${what}. There is: ${seen()}`)
    await new Promise((resume) => setTimeout(resume, every))
  }
}

/** Repeats a check until it passes; fails with the check's own words. A tap takes effect a moment after it. */
async function eventually(check, ms = 4000) {
  const end = Date.now() + ms
  for (;;) {
    try {
      return check()
    } catch (failure) {
      if (Date.now() > end) throw failure
    }
    await new Promise((resume) => setTimeout(resume, 20))
  }
}

module.exports = { eventually, until }
