/* One person's phone: chats, message cards, WeChat's browser, the subscription pop-up. Text goes in by textContent only. */
'use strict'
const desk = document.getElementById('desk')
const PERSON = desk.dataset.person
const NAMES = { mini: '服务通知', official: '公众号' }
const $ = (id) => document.getElementById(id)
let phone = null
let etag = ''
let view = 'list'
let product = '便民服务'

/* Each phone has a storage of its own: what the pages kept for the last person is put aside, this person's is put back.
   What was written before any phone was taken up (a draft outside WeChat) goes along into the first one. */
function takeUpPhone() {
  const last = localStorage.getItem('sandbox.person')
  if (last === PERSON) return
  if (last) putAside(last)
  const mine = JSON.parse(localStorage.getItem(`sandbox.kept.${PERSON}`) || '{}')
  for (const [key, value] of Object.entries(mine)) localStorage.setItem(key, value)
  localStorage.setItem('sandbox.person', PERSON)
  sessionStorage.clear()
}

function putAside(person) {
  const kept = {}
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith('sandbox.') || key.startsWith('console')) continue
    kept[key] = localStorage.getItem(key)
    localStorage.removeItem(key)
  }
  localStorage.setItem(`sandbox.kept.${person}`, JSON.stringify(kept))
}

function make(tag, className, text) {
  const node = document.createElement(tag)
  if (className) node.className = className
  if (text !== undefined) node.textContent = text
  return node
}

async function send(path, body, method = 'POST') {
  const answer = await fetch(path, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
  const value = await answer.json().catch(() => ({}))
  if (!answer.ok) throw new Error(value.error || value.message || '没有成功')
  return value
}

function toast(text) {
  $('toast').textContent = text
  $('toast').hidden = false
  clearTimeout(toast.timer)
  toast.timer = setTimeout(() => { $('toast').hidden = true }, 2600)
}

const day = (at) => new Date(at * 1000).toLocaleDateString('zh-CN', { timeZone: 'Asia/Shanghai', month: 'numeric', day: 'numeric' })
const clock = (at) => new Date(at * 1000).toLocaleTimeString('zh-CN', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit' })
const when = (at) => (day(at) === day(Date.now() / 1000) ? clock(at) : `${day(at)} ${clock(at)}`)

async function refresh() {
  const answer = await fetch(`/sandbox/api/phone/${PERSON}`, { headers: etag ? { 'If-None-Match': etag } : {} })
  if (answer.status === 304 || !answer.ok) return
  etag = answer.headers.get('ETag') || ''
  phone = await answer.json()
  draw()
}

function draw() {
  if (!phone) return
  const unread = phone.messages.filter((m) => m.unread).length
  $('back').hidden = view === 'list'
  $('home').hidden = view !== 'list'
  $('heading').textContent = view === 'list' ? (unread ? `微信(${unread})` : '微信') : name(view)
  document.title = `${unread ? `(${unread}) ` : ''}${desk.dataset.name}的手机`
  if (view === 'list') drawList()
  else drawThread(view)
  drawPanel()
}

const name = (app) => (app === 'official' ? product : NAMES.mini)

function drawList() {
  const screen = $('screen')
  screen.replaceChildren()
  for (const app of ['mini', 'official']) {
    const all = phone.messages.filter((m) => m.app === app)
    if (app === 'official' && !phone.person.followed && !all.length) continue
    const last = all[all.length - 1]
    const unread = all.filter((m) => m.unread).length
    const row = make('button', 'chat')
    row.dataset.chat = app
    const avatar = make('div', 'avatar', app === 'mini' ? '服' : product[0])
    avatar.style.background = app === 'mini' ? 'var(--clay-600)' : 'var(--river-700)'
    if (unread) avatar.append(make('span', 'dot', unread))
    const middle = make('div', 'mid')
    const summary = last ? `${last.title}：${last.lines[0].value}` : app === 'mini' ? '小程序发来的订阅消息会在这里' : '已关注，还没有消息'
    middle.append(make('b', '', name(app)), make('span', '', summary))
    row.append(avatar, middle)
    if (last) row.append(make('time', '', when(last.at)))
    row.addEventListener('click', () => open(app))
    screen.append(row)
  }
  if (!phone.messages.length) {
    screen.append(make('p', 'hint', phone.person.followed ? '还没有收到消息。在小程序里办一件事，每一步的消息都会到这里。' : '没有关注公众号，也没有订阅，所以收不到消息。下面可以关注，或点“订阅弹窗”。'))
  }
}

function drawThread(app) {
  const screen = $('screen')
  const all = phone.messages.filter((m) => m.app === app)
  const atEnd = screen.scrollTop + screen.clientHeight > screen.scrollHeight - 60 || !screen.querySelector('.thread')
  const thread = make('div', 'thread')
  for (const message of all) {
    thread.append(make('time', '', when(message.at)), card(message))
  }
  if (!all.length) thread.append(make('p', 'hint', '还没有消息。'))
  screen.replaceChildren(thread)
  if (atEnd) screen.scrollTop = screen.scrollHeight
  if (all.some((m) => m.unread) && !document.hidden) send(`/sandbox/api/phone/${PERSON}/read`, { app }).then(others).catch(() => {})
}

function card(message) {
  const box = make(message.link ? 'a' : 'div', 'msg')
  box.dataset.message = message.id
  if (message.link) box.href = message.link
  const from = make('div', 'from')
  from.append(make('i', '', product[0]), make('span', '', product))
  if (message.unread) from.append(make('u'))
  const lines = make('dl')
  for (const line of message.lines) lines.append(make('dt', '', line.label), make('dd', '', line.value))
  box.append(from, make('h2', '', message.title), lines)
  if (message.link) {
    const go = make('div', 'go')
    go.append(make('span', '', message.page ? '进入小程序查看' : '查看详情'), make('span', '', '›'))
    box.append(go)
    box.addEventListener('click', (event) => {
      if (event.metaKey || event.ctrlKey) return
      event.preventDefault()
      browse(message.link)
    })
  }
  return box
}

function open(app) {
  view = app
  $('screen').replaceChildren()
  draw()
}

function browse(address) {
  $('web').hidden = false
  $('web-title').textContent = product
  $('web-out').href = address
  $('frame').src = address
}

/* A page that changes itself without loading anew tells nobody, so this is also asked with every tick. */
function nameOfPage() {
  if ($('web').hidden) return
  try {
    const inside = $('frame').contentWindow
    if (inside.location.href === 'about:blank') return
    $('web-title').textContent = inside.document.title || product
    $('web-out').href = inside.location.href
  } catch { $('web-title').textContent = '外部网页' }
}
$('frame').addEventListener('load', nameOfPage)
$('web-back').addEventListener('click', () => { $('frame').contentWindow.history.back() })
$('web-close').addEventListener('click', () => {
  $('web').hidden = true
  $('frame').src = 'about:blank'
  refresh().catch(() => {})
})

function drawPanel() {
  const { followed, blocked, joined } = phone.person
  for (const [key, value] of Object.entries({ followed, blocked, joined })) $(`sw-${key}`).setAttribute('aria-checked', String(Boolean(value)))
  $('toggle-follow').querySelector('span').textContent = followed ? '取消关注' : '关注公众号'
  const box = $('grants')
  box.replaceChildren()
  for (const template of phone.templates) {
    const row = make('div', 'row')
    const words = make('div', '', template.title)
    const right = make('span')
    right.append(make('span', template.left ? 'tag ok' : 'tag', `${template.left} 条`))
    row.append(words, right)
    if (template.left) {
      const off = make('button', 'btn s', '关掉')
      off.setAttribute('aria-label', `在设置里关掉“${template.title}”`)
      off.addEventListener('click', () => act(() => send('/sandbox/api/switch-off', { person: PERSON, template_id: template.id }), '已在设置里关掉'))
      right.append(off)
    }
    box.append(row)
  }
}

async function act(step, done) {
  try {
    await step()
    toast(done)
  } catch (error) { toast(error.message) }
  await refresh().catch(() => {})
}

const change = (what, done) => act(() => send(`/sandbox/api/people/${PERSON}`, what, 'PATCH'), done)
function follow() {
  if (!phone) return
  const followed = !phone.person.followed
  change({ followed }, followed ? '已关注公众号' : '已取消关注')
}
$('toggle-follow').addEventListener('click', follow)
$('sw-followed').addEventListener('click', follow)
$('sw-blocked').addEventListener('click', () => change({ blocked: !phone.person.blocked }, phone.person.blocked ? '恢复接收' : '以后拒收'))
$('sw-joined').addEventListener('click', () => change({ joined: !phone.person.joined }, phone.person.joined ? '不再给出 unionid' : '下次登录会带上 unionid'))
$('back').addEventListener('click', () => open('list'))
$('open-mini').addEventListener('click', () => browse('/m/'))
$('open-report').addEventListener('click', () => browse('/m/pages/report/index'))
$('more').addEventListener('click', () => $('panel').scrollIntoView({ behavior: 'smooth' }))

$('mini-login').addEventListener('click', () => act(async () => {
  const { code } = await (await fetch(`/sandbox/api/mini-code?person=${PERSON}`)).json()
  const answer = await fetch('/api/v1/public/sessions/mini', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `sandbox-${Date.now()}` },
    body: JSON.stringify({ code }),
  })
  if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).message || '登录没有成功')
}, '小程序身份已登记'))

/* The pop-up of wx.requestSubscribeMessage. */
$('open-popup').addEventListener('click', () => {
  if (!phone) return
  const sheet = $('sheet')
  sheet.replaceChildren()
  const from = make('div', 'from')
  from.append(make('i', '', product[0]), make('span', '', `${product} 申请`))
  const title = make('h2', '', '发送一次以下消息')
  title.id = 'sheet-title'
  sheet.append(from, title)
  for (const template of phone.templates.slice(0, 3)) {
    const label = make('label')
    const box = make('input')
    box.type = 'checkbox'
    box.checked = true
    box.name = template.id
    label.append(make('span', '', template.title), box)
    sheet.append(label)
  }
  const acts = make('div', 'acts')
  const no = make('button', '', '取消')
  no.type = 'button'
  no.addEventListener('click', () => answerPopup(() => 'reject', '没有允许'))
  const yes = make('button', 'yes', '允许')
  yes.type = 'submit'
  acts.append(no, yes)
  sheet.append(acts)
  $('veil').hidden = false
  yes.focus()
})
$('sheet').addEventListener('submit', (event) => {
  event.preventDefault()
  const ticked = new FormData(event.target)
  answerPopup((id) => (ticked.has(id) ? 'accept' : 'reject'), '已记下您的选择')
})
$('veil').addEventListener('keydown', (event) => { if (event.key === 'Escape') $('veil').hidden = true })

function answerPopup(word, done) {
  $('veil').hidden = true
  const tmplIds = phone.templates.slice(0, 3).map((t) => t.id)
  const answer = Object.fromEntries(tmplIds.map((id) => [id, word(id)]))
  act(async () => {
    const said = await send('/sandbox/api/popup', { person: PERSON, tmplIds, answer })
    if (said.errCode) throw new Error(said.errMsg)
  }, done)
}

async function others() {
  const answer = await fetch('/sandbox/api/people')
  if (!answer.ok) return
  for (const person of (await answer.json()).items) {
    const dot = document.querySelector(`.side [data-person="${person.id}"] .dot`)
    if (!dot) continue
    dot.hidden = !person.unread
    dot.textContent = person.unread
  }
}

function tick() {
  for (const id of ['clock', 'web-clock']) $(id).textContent = clock(Date.now() / 1000)
  nameOfPage()
  if (document.hidden) return
  refresh().catch(() => toast('演示平台没有回答'))
  others().catch(() => {})
}

async function start() {
  takeUpPhone()
  tick()
  setInterval(tick, 2000)
  const answer = await fetch('/api/v1/public/config').catch(() => null)
  if (answer && answer.ok) {
    product = (await answer.json()).product_name || product
    draw()
  }
  const wanted = new URLSearchParams(location.search).get('open')
  if (wanted && wanted.startsWith('/') && !wanted.startsWith('//')) browse(wanted)
}
start()
