const { always, me } = require('./harness/answers')
const { openPage } = require('./harness/miniprogram')
const { entry } = require('./harness/public')
const { eventually } = require('./harness/wait')
const { fakePhone } = require('./harness/wx')

const mine = { followed: false, mine: [], seconded: [], flagged: [], my_follow_ups: [] }

test('an outcome on the wall: read as nobody, asked on in public, what is owed first, a card of its own', async () => {
  const sent = []
  const { wx, log } = fakePhone(
    {
      ...always,
      'GET /resident/me': me(),
      'GET /public/wall/5': entry,
      'GET /resident/wall/5/mine': mine,
      'POST /resident/comments/c1/second': { id: 'c1', second_count: 5, seconded: true },
      'POST /resident/wall/5/follow-ups': (request) => {
        sent.push(request.body)
        return { id: '9' }
      },
    },
    { 'session.token': 'tok' },
  )
  const page = openPage('pages-wall/entry/index', wx, { id: '5' })
  await page.appears('wall-title')
  expect(page.textOf('wall-days')).toContain('承诺 3 天，用了 2 天')
  expect(page.textOf('wall-score')).toBe('满意')
  expect(page.textOf('follow-up')).toContain('三天后又堵了') // the unanswered one stands first
  expect(page.textOf('follow-up-waits')).toContain('等了 12 天，超过了答复时限')
  expect(page.textOf('follow-up-answer')).toContain('镇综治中心答复')
  const read = log.requests.find(({ name }) => name === 'GET /public/wall/5')
  expect(read.header.Authorization).toBeUndefined()

  page.tap('follow-up-second')
  await eventually(() => expect(page.textOf('follow-up-second')).toContain('5'))

  page.tap('wall-ask')
  await page.appears('words-text')
  page.tap('words-send')
  await page.shows('请写一句您看到的情况')
  page.type('words-text', '昨天又堵了')
  page.tap('words-send')
  await eventually(() => expect(sent).toEqual([{ text: '昨天又堵了', photo_ids: [] }]))

  const card = page.component.instance.onShareAppMessage()
  expect(card.title).toBe('示例三村：排水沟清了四十米')
  expect(card.path).toBe('/pages-wall/entry/index?id=5')
  expect(card.imageUrl).toMatch(/\/w\/ABCD\.png$/)
})
