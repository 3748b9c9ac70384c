const { always, me, soon } = require('./harness/answers')
const { openPage } = require('./harness/miniprogram')
const { eventually, until } = require('./harness/wait')
const { fakePhone } = require('./harness/wx')

test('inbox: a message opens its page and is read; the list loads on by cursor', async () => {
  const message = (id, title) => ({
    id,
    at: soon(-1),
    title,
    text: '已受理',
    page: 'pages/case/index?id=101',
    read: false,
  })
  const { wx, log } = fakePhone(
    {
      ...always,
      'GET /resident/me': me(),
      'GET /resident/inbox': ({ query }) =>
        query.cursor
          ? { items: [message('1', '旧的')], next_cursor: null }
          : { items: [message('2', '新的')], next_cursor: 'c1' },
      'POST /resident/inbox/read': { read: 1 },
    },
    { 'session.token': 'tok' },
  )
  const page = openPage('pages/inbox/index', wx)
  await page.shows('新的')
  page.tap('list-more')
  await page.shows('旧的')
  expect(page.all('inbox-item')).toHaveLength(2)

  page.tap('inbox-item')
  await eventually(() => expect(log.opened).toEqual([['navigateTo', '/pages/case/index?id=101']]))
  await until('the message to be read', () =>
    log.requests.some((one) => one.name === 'POST /resident/inbox/read'),
  )
})
