const { always } = require('./harness/answers')
const { openPage } = require('./harness/miniprogram')
const { charts, sheet } = require('./harness/open')
const { eventually } = require('./harness/wait')
const { fakePhone } = require('./harness/wx')

test('a month of money: the sum, the year in bars, an entry found and asked about (OPEN-04, OPEN-14)', async () => {
  const { wx, log } = fakePhone({
    ...always,
    'GET /public/finance-sheets/3': sheet,
    'GET /public/finance-charts': charts,
  })
  const page = openPage('pages-open/sheet/index', wx, { id: '3', notice: '5' })
  await page.appears('month-bars')
  expect(page.textOf('sheet-head')).toContain('129.99')
  expect(page.textOf('sheet-balanced')).toContain('一分不差')
  expect(page.textOf('month-told')).toContain('收入 50.00 元')
  expect(page.textOf('category-bar')).toContain('比上一年同期多 100%')

  page.type('line-words', '电费')
  await eventually(() => expect(page.textOf('sheet-line')).toContain('村东路灯电费'))
  page.tap('line-open')
  await page.appears('line-ask')
  page.tap('line-ask')
  await eventually(() =>
    expect(log.opened).toEqual([['navigateTo', '/pages-open/notice/index?id=5&line=2']]),
  )
})
