const { always, categories, located, me, receipt } = require('./harness/answers')
const { openPage } = require('./harness/miniprogram')
const { eventually, until } = require('./harness/wait')
const { fakePhone } = require('./harness/wx')

test('report: danger to life is told to call first; who is logged in is asked for grants at the tap that submits', async () => {
  const { wx, log } = fakePhone(
    {
      ...always,
      'GET /public/categories': categories,
      'GET /public/locate': located,
      'GET /resident/me': me(),
      'GET /resident/subscriptions': { items: [], ask: ['T1', 'T2'] },
      'POST /resident/reports': { statusCode: 201, data: receipt },
    },
    { 'session.token': 'tok' },
  )
  const page = openPage('pages/report/index', wx)
  await until('the templates', () =>
    log.requests.some((one) => one.name === 'GET /resident/subscriptions'),
  )
  page.type('report-text', '草垛着火了')
  page.tap('place-mine')
  await page.shows('第17网格')

  page.tap('report-submit')
  await page.appears('call-119')
  page.tap('call-119')
  await eventually(() => expect(log.calls).toEqual(['119']))
  expect(log.popups).toEqual([])

  page.tap('emergency-continue')
  page.tap('report-submit')
  await until('the receipt', () => log.opened.length > 0, { seen: () => page.text })
  expect(log.popups).toEqual([['T1', 'T2']])
})
