/* Red dots that keep up with what arrives, and adding somebody. */
'use strict'
async function refresh() {
  const answer = await fetch('/sandbox/api/people')
  if (!answer.ok) return
  for (const person of (await answer.json()).items) {
    const card = document.querySelector(`[data-person="${person.id}"]`)
    if (!card) continue
    const dot = card.querySelector('.dot')
    dot.hidden = !person.unread
    dot.textContent = person.unread
    card.querySelector('.last span').textContent = person.unread ? `${person.unread} 条新消息` : '没有新消息'
  }
}
document.getElementById('add').addEventListener('submit', async (event) => {
  event.preventDefault()
  const name = new FormData(event.target).get('name')
  const answer = await fetch('/sandbox/api/people', { method: 'POST', body: JSON.stringify({ name }) })
  const person = await answer.json()
  if (answer.ok) location.href = `/sandbox/phone/${person.id}`
  else event.target.nextElementSibling.textContent = person.error
})
setInterval(() => { if (!document.hidden) refresh().catch(() => {}) }, 3000)
