const { always, categories, located, me, receipt } = require('./harness/answers')
const { openPage } = require('./harness/miniprogram')
const { until } = require('./harness/wait')
const { fakePhone } = require('./harness/wx')

const ready = {
  ...always,
  'GET /public/categories': categories,
  'GET /public/locate': located,
  'GET /resident/me': me(),
  'POST /public/sessions/mini': { token: 'tok', expires_at: '', resident: me() },
  'POST /resident/me/consent': me({ consent_version: '2026-11' }),
  'GET /resident/subscriptions': { items: [], ask: ['T1', 'T2'] },
  'POST /resident/uploads': {
    statusCode: 201,
    data: {
      id: 'm1',
      url: '/files/m1',
      method: 'POST',
      fields: { key: 'k' },
      file_field: 'file',
      expires_at: '',
    },
  },
  'POST /resident/uploads/m1/complete': {
    id: 'm1',
    url: '',
    thumb_url: '',
    width: 1,
    height: 1,
    position: null,
  },
}

test('report: written before any login, sent after it, once under one key, with the grants asked at the tap', async () => {
  let tries = 0
  const { wx, log, storage } = fakePhone({
    ...ready,
    'POST /resident/reports': () => {
      tries += 1
      return tries === 1 ? { offline: true } : { statusCode: 201, data: receipt }
    },
  })
  const page = openPage('pages/report/index', wx)
  await page.shows('路灯不亮')

  page.tap('report-submit')
  await page.shows('请写一句话')

  page.tap('photo-add')
  await page.appears('photo-waiting')
  page.type('report-text', '村东路灯不亮')
  page.tap('place-pick')
  await page.shows('示例三村 · 第17网格')
  expect(storage['draft.report']).toMatchObject({ text: '村东路灯不亮', categoryCode: '0601' })
  expect(log.requests.some((one) => one.name.includes('/resident/'))).toBe(false)

  page.tap('report-submit')
  await page.appears('consent-agree')
  page.tap('consent-agree')
  await page.shows('请先看过隐私说明')
  page.tap('consent-check')
  page.tap('consent-agree')

  // The first sending gets no answer: nothing is lost, and the second goes under the same key.
  await page.shows('网络不通')
  expect(storage['draft.report'].text).toBe('村东路灯不亮')
  page.tap('report-submit')
  await until('the receipt', () => log.opened.length > 0, { seen: () => page.text })

  const sent = log.requests.filter((one) => one.name === 'POST /resident/reports')
  expect(sent).toHaveLength(2)
  expect(sent[0].header['Idempotency-Key']).toBe(sent[1].header['Idempotency-Key'])
  expect(sent[1].body).toMatchObject({
    town: 'demo',
    text: '村东路灯不亮',
    category_code: '0601',
    point: { lon: 117.2, lat: 35.04 },
    address: '村口',
    media_ids: ['m1'],
  })
  expect(log.uploads).toHaveLength(1)
  expect(log.opened[0][1]).toContain('/pages/receipt/index?id=101')
  expect(storage['draft.report'].text).toBe('')
  expect(storage['receipt.101'].code_display).toBe('7KQ4-M2XN-9ABC')
})
