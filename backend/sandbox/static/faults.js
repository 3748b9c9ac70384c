/* Add and remove faults. */
'use strict'
const rows = document.getElementById('rows')
const said = document.getElementById('said')
async function call(method, path, body) {
  const answer = await fetch(`/sandbox/api/${path}`, { method, body: body && JSON.stringify(body) })
  const value = await answer.json()
  said.textContent = answer.ok ? '' : value.error
  return value
}
async function show() {
  const { items, kinds } = await call('GET', 'faults')
  rows.replaceChildren()
  for (const fault of items) {
    const row = document.createElement('tr')
    const left = fault.times ? `${fault.times - fault.hits} 次` : '一直'
    for (const text of [fault.api === '*' ? '全部接口' : fault.api, kinds[fault.kind], left, fault.ms || '', fault.errcode || '']) {
      row.append(Object.assign(document.createElement('td'), { textContent: text }))
    }
    const button = Object.assign(document.createElement('button'), { className: 'btn s', textContent: '去掉' })
    button.addEventListener('click', async () => { await call('DELETE', `faults/${fault.id}`); show() })
    const cell = document.createElement('td')
    cell.append(button)
    row.append(cell)
    rows.append(row)
  }
  if (!items.length) rows.innerHTML = '<tr><td colspan="6" class="muted">没有故障，平台一切正常。</td></tr>'
}
document.getElementById('add').addEventListener('submit', async (event) => {
  event.preventDefault()
  const answer = await call('POST', 'faults', Object.fromEntries(new FormData(event.target)))
  if (!answer.error) show()
})
document.getElementById('clear').addEventListener('click', async () => { await call('DELETE', 'faults'); show() })
document.getElementById('reset').addEventListener('click', async () => {
  if (!confirm('消息、订阅次数、故障和自己加的人都会清掉。继续吗？')) return
  await call('POST', 'reset')
  said.textContent = '已恢复成刚开始的样子。'
  show()
})
show()
setInterval(() => { if (!document.hidden) show().catch(() => {}) }, 4000)
