const { always } = require('./harness/answers')
const { openPage } = require('./harness/miniprogram')
const { entry } = require('./harness/public')
const { eventually } = require('./harness/wait')
const { fakePhone } = require('./harness/wx')

test('the wall without a login: what waits is said, the filters ask anew, a card leads to its page', async () => {
  const { wx, log } = fakePhone({
    ...always,
    'GET /public/wall': { items: [entry], next_cursor: null },
    'GET /public/wall/filters': {
      villages: [{ value: '7', label: '示例三村' }],
      categories: [],
      units: [],
      months: ['2026-11'],
    },
  })
  const page = openPage('pages-wall/home/index', wx, {})
  await page.appears('wall-item')
  expect(page.textOf('wall-item')).toContain('承诺 3 天，用了 2 天')
  expect(page.textOf('wall-waiting')).toContain('最久等了 12 天')

  page.tap('wall-order-waiting')
  page.tap('wall-village')
  await page.appears('wall-village-7')
  page.tap('wall-village-7')
  await eventually(() => {
    const { query } = log.requests.filter(({ name }) => name === 'GET /public/wall').pop()
    expect(query).toMatchObject({ order: 'waiting', village: '7' })
  })
  const card = page.component.instance.onShareAppMessage()
  expect(card.path).toBe('/pages-wall/home/index?village=7')

  await page.appears('wall-item')
  page.tap('wall-item')
  await eventually(() =>
    expect(log.opened).toEqual([['navigateTo', '/pages-wall/entry/index?id=5']]),
  )
})
