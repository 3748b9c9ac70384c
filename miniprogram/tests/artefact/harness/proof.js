/** The chain of a case, made here as the server makes it. */
const crypto = require('node:crypto')
const { always, me } = require('./answers')
const { openPage } = require('./miniprogram')
const { fakePhone } = require('./wx')

const START = '0'.repeat(64)

function commit(salt, content) {
  const sorted = Object.fromEntries(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1)))
  return crypto
    .createHmac('sha256', Buffer.from(salt, 'hex'))
    .update(JSON.stringify(sorted))
    .digest('hex')
}

/** A proof of entries with these notes; null for one that is hidden. */
function proofOf(notes) {
  let before = START
  const rows = notes.map((note, index) => {
    const salt = crypto.randomBytes(16).toString('hex')
    const content = { unit_name: '城管所 🏮', note: note ?? '内部', inside: 'ab'.repeat(32) }
    const row = {
      seq: index + 1,
      at: `2026-03-10T02:0${index}:00.123456+00:00`,
      action: 'note',
      to_state: 'handling',
      commitment: commit(salt, content),
    }
    const text = [before, row.seq, row.at, row.action, row.to_state, row.commitment].join('\n')
    before = crypto.createHash('sha256').update(text).digest('hex')
    const open = note !== null
    return {
      ...row,
      chain: before,
      salt: open ? salt : null,
      content: open ? content : null,
      shown: open ? 'open' : 'hidden',
      title: open ? '承办单位说' : '内部记录',
    }
  })
  return { entries: rows.length, head: before, state: 'handling', rows }
}

function openProof(proof) {
  const { wx } = fakePhone(
    { ...always, 'GET /resident/me': me(), 'GET /resident/reports/101/proof': proof },
    { 'session.token': 'tok' },
  )
  return openPage('pages-rights/proof/index', wx, { id: '101' })
}

module.exports = { openProof, proofOf }
