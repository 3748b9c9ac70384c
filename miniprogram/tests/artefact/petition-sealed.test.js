const crypto = require('node:crypto')
const nacl = require('../../node_modules/tweetnacl')
const { always, me } = require('./harness/answers')
const { openPage } = require('./harness/miniprogram')
const { until } = require('./harness/wait')
const { fakePhone } = require('./harness/wx')

const FACTS = '三月以来多次收取费用，不开票据'
const [ours, theirs] = [nacl.box.keyPair(), nacl.box.keyPair()]
const text = (raw) => Buffer.from(raw).toString('base64')
const bytes = (said) => new Uint8Array(Buffer.from(said, 'base64'))

const keys = {
  open: true,
  readers: [
    {
      ...{ key_id: '1', name: '专○○', unit_id: '9', unit_name: '纪检办', fingerprint: '' },
      public_key: text(ours.publicKey),
    },
    {
      ...{ key_id: '2', name: '城○', unit_id: '4', unit_name: '城管所', fingerprint: '' },
      public_key: text(theirs.publicKey),
    },
  ],
  units: [
    { id: '3', name: '镇综治中心', parent_id: null },
    { id: '4', name: '城管所', parent_id: '3' },
    { id: '9', name: '纪检办', parent_id: null },
  ],
  elsewhere: [{ name: '纪检监察举报电话', value: '12388' }],
}

/** What the reader's browser does. */
function opened(body) {
  const wrap = bytes(body.wraps[0].wrap)
  const key = nacl.box.open(wrap.slice(56), wrap.slice(32, 56), wrap.slice(0, 32), ours.secretKey)
  const content = bytes(body.content)
  const plain = nacl.secretbox.open(content.slice(24), content.slice(0, 24), key)
  return JSON.parse(Buffer.from(plain).toString('utf8'))
}

test('a letter is sealed in WeChat by its own random numbers, to who is not named, and nothing of it is stored', async () => {
  const fetched = []
  const { wx, log, storage } = fakePhone(
    {
      ...always,
      'GET /resident/me': me(),
      'GET /public/vault/keys': { statusCode: 200, data: keys },
      'POST /public/vault': {
        statusCode: 201,
        data: { received_on: '2026-03-10', state: 'received', state_label: '已收到' },
      },
    },
    { 'session.token': 'tok' },
    {
      getRandomValues: ({ length, success }) => {
        fetched.push(length)
        success({ randomValues: new Uint8Array(crypto.randomBytes(length)).buffer })
      },
      pageScrollTo: () => undefined,
    },
  )
  const page = openPage('pages-petition/sealed/index', wx)
  await page.appears('sealed-reader')
  page.tap('sealed-units')
  await page.appears('unit-row')
  page.tap('unit-row') // the unit above: what stands below it is left out with it
  page.tap('unit-done')
  page.type('sealed-facts', FACTS)
  page.tap('sealed-next')
  await page.appears('sealed-code')
  const code = page.textOf('sealed-code')
  expect(code).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){5}$/)
  page.tap('sealed-noted')
  page.tap('sealed-send')
  await page.appears('sealed-done')

  const [sent] = log.requests.filter(({ name }) => name === 'POST /public/vault')
  expect(sent.header).toEqual({})
  expect(sent.body.wraps.map(({ key_id }) => key_id)).toEqual(['1'])
  expect(opened(sent.body)).toMatchObject({ facts: FACTS, named_unit_ids: ['3'] })
  expect(fetched).toEqual([24, 112])
  const plain = code.replace(/-/g, '')
  for (const said of [JSON.stringify(sent.body), JSON.stringify(storage)]) {
    expect(said).not.toContain(FACTS)
    expect(said).not.toContain(plain)
    expect(said).not.toContain(code)
  }
  await until('the page to have settled', () => !page.has('sealed-send'))
})
