/* Every message and event, newest first, kept up to date. */
'use strict'
const when = (at) => new Date(at * 1000).toLocaleString('zh-CN', { timeZone: 'Asia/Shanghai', hour12: false })
const CHANNEL = { mini: '小程序', official: '公众号' }
const STATE = { waiting: ['等待', 'tag'], delivered: ['已送达', 'tag ok'], failed: ['没送到', 'tag bad'] }
let people = {}
function line(body, cells) {
  const row = document.createElement('tr')
  for (const [index, cell] of cells.entries()) {
    const box = document.createElement('td')
    if (index < 3) box.className = 'keep'
    if (typeof cell === 'string') box.textContent = cell
    else box.append(Object.assign(document.createElement('span'), { textContent: cell[0], className: cell[1] }))
    row.append(box)
  }
  body.append(row)
}
function empty(body, columns, text) {
  const cell = Object.assign(document.createElement('td'), { colSpan: columns, textContent: text, className: 'muted' })
  const row = document.createElement('tr')
  row.append(cell)
  body.append(row)
}
async function show() {
  const [everybody, messages, events] = await Promise.all(['people', 'messages', 'events'].map(async (name) => (await (await fetch(`/sandbox/api/${name}`)).json()).items))
  people = Object.fromEntries(everybody.map((person) => [person.id, person.name]))
  const first = document.getElementById('messages')
  first.replaceChildren()
  for (const m of messages) {
    const result = m.errcode === 0 ? ['已送达', 'tag ok'] : [`${m.errcode} ${m.errmsg.split(' rid:')[0]}`, 'tag bad']
    line(first, [when(m.at), people[m.person] || '', CHANNEL[m.app], m.title, m.lines.map((l) => l.value).filter(Boolean).join(' · '), result])
  }
  if (!messages.length) empty(first, 6, '还没有消息。')
  const second = document.getElementById('events')
  second.replaceChildren()
  for (const e of events) line(second, [when(e.at), people[e.person] || '', e.kind, STATE[e.state], e.answer])
  if (!events.length) empty(second, 5, '还没有推送过事件。')
}
show()
setInterval(() => { if (!document.hidden) show().catch(() => {}) }, 3000)
