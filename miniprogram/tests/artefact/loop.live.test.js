/**
 * The built mini-program against the real server and the stand-in platform, over HTTP: login, the pop-up that grants a
 * message, the event the platform pushes, the send, and 43101 when the grant is used up. No browser can show these.
 */
const { openPage } = require('./harness/miniprogram')
const { livePhone } = require('./harness/livePhone')
const { ask, desk, miniSecret, startTown } = require('./harness/town')
const { until } = require('./harness/wait')

const PERSON = 'newcomer'
const NO_GRANT = 43101
const SLOW = { ms: 20_000, every: 200 }

let town

beforeAll(async () => {
  town = await startTown()
}, 300_000)

afterAll(() => town?.stop())

/** A message sent past the application: what makes its own count of grants too high. */
async function spendGrantElsewhere(openid, templateId) {
  const body = {
    grant_type: 'client_credential',
    appid: 'wxsandboxmini00001',
    secret: miniSecret(town),
  }
  const token = await ask('POST', `${town.platform}/cgi-bin/stable_token`, { body })
  const url = `${town.platform}/cgi-bin/message/subscribe/send?access_token=${token.body.access_token}`
  const value = (text) => ({ value: text })
  const data = {
    thing1: value('别处发的'),
    phrase2: value('办理中'),
    time3: value('2026年11月22日 10:00'),
    thing4: value('占用一次'),
    character_string5: value('7KQ4-M2XN-9ABC'),
  }
  return (await ask('POST', url, { body: { touser: openid, template_id: templateId, data } })).body
}

test('login, pop-up, pushed event, send, and 43101 when the grant is used up', async () => {
  const phone = livePhone(town, PERSON)
  const api = async (method, where, body) => {
    const headers = { authorization: `Bearer ${phone.storage['session.token']}` }
    return (await ask(method, `${town.origin}/api/v1/resident${where}`, { body, headers })).body
  }
  const progress = async () => {
    const { items } = await api('GET', '/subscriptions')
    return items.find((item) => item.template === 'case_progress')
  }
  const page = openPage('pages/report/index', phone.wx)
  const writeAndSend = async (words) => {
    page.type('report-text', words)
    page.tap('place-village')
    const village = await until(
      'the villages',
      () => page.all('place-card').length && villageOf(page),
      SLOW,
    )
    page.fire(village, 'tap')
    await until('the village to be taken', () => page.textOf('place-label').includes('村'), SLOW)
    page.tap('report-submit')
  }
  const receipts = () => Object.keys(phone.storage).filter((key) => key.startsWith('receipt.'))

  // Login: asked for only at submit; the code comes from the platform, the session from the server.
  await page.appears('category-all', SLOW)
  page.tap('photo-add')
  await page.appears('photo-waiting')
  await writeAndSend('请帮忙看看这里')
  await page.appears('consent-check', SLOW)
  page.tap('consent-check')
  await until('the tick', () => page.one('consent-check').$$.innerHTML.includes('on'))
  page.tap('consent-agree')
  await until('the first receipt', () => receipts().length === 1, {
    ...SLOW,
    seen: () => page.text,
  })
  expect(phone.log.uploads).toEqual([200])
  expect(phone.storage['session.token']).toBeTruthy()

  // Pop-up: at the tap that submits, now that the server has said which templates to ask for.
  page.component.instance.onShow()
  await until('the templates', () => phone.storage['grants.wanted']?.length > 0, SLOW)
  await writeAndSend('请再看看那里')
  await until('the second receipt', () => receipts().length === 2, {
    ...SLOW,
    seen: () => page.text,
  })
  expect(phone.log.popups).toHaveLength(1)

  // Pushed event: the server's own count follows what the platform pushes, not what the phone says.
  const granted = await until(
    'the grant',
    async () => (await progress())?.remaining > 0 && progress(),
    SLOW,
  )
  expect(granted.remaining).toBe(1)

  // Send: the dispatcher accepts, the message is on the phone and opens the case; the grant is gone.
  const dispatcher = await desk(town, 'dispatcher')
  const caseId = receipts()
    .map((key) => phone.storage[key])
    .sort((a, b) => a.id.localeCompare(b.id))[1].id
  const act = async (name, more = {}) => {
    const { version } = await dispatcher('GET', `/cases/${caseId}`)
    return dispatcher('POST', `/cases/${caseId}/actions/${name}`, { version, ...more })
  }
  const arrived = async () =>
    (await phone.platform('GET', `/phone/${PERSON}`)).body.messages.filter((one) =>
      one.page.includes(caseId),
    )
  await act('accept')
  const [message] = await until(
    'the message',
    async () => (await arrived()).length > 0 && arrived(),
    SLOW,
  )
  expect(message.page).toBe(`pages/case/index?id=${caseId}`)
  expect((await progress()).remaining).toBe(0)

  // 43101: the server counts one grant more than the platform has. It is told so once, and counts none.
  await new Promise((resume) =>
    phone.wx.requestSubscribeMessage({
      tmplIds: [granted.template_id],
      success: resume,
      fail: resume,
    }),
  )
  await until('the second grant', async () => (await progress()).remaining === 1, SLOW)
  expect(await spendGrantElsewhere(message.openid, granted.template_id)).toMatchObject({
    errcode: 0,
  })
  const { items } = await dispatcher('GET', `/cases/${caseId}/assignees`)
  const unit = items.find((one) => one.people.length > 0)
  await act('dispatch', { unit_id: unit.unit_id, staff_id: unit.people[0].id })
  const refused = async () => {
    const sends = (await phone.platform('GET', `/messages?person=${PERSON}`)).body.items
    return sends.filter((send) => send.errcode === NO_GRANT && send.page.includes(caseId))
  }
  await until('43101', async () => (await refused()).length > 0, SLOW)
  await until('no grant in the count', async () => (await progress()).remaining === 0, SLOW)
  expect(await refused()).toHaveLength(1)
  const inbox = await api('GET', '/inbox')
  expect(inbox.items[0].title).toContain('交办') // nothing is lost: the inbox has it
}, 120_000)

function villageOf(page) {
  const { nodesOf } = require('./harness/miniprogram')
  return nodesOf(page.component._exparserNode).find(
    (node) => /^village-/.test(node.dataset?.testid ?? '') && node.$$?.isConnected,
  )
}
