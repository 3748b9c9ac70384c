const { always, me } = require('./harness/answers')
const { openPage } = require('./harness/miniprogram')
const { poll } = require('./harness/public')
const { eventually } = require('./harness/wait')
const { fakePhone } = require('./harness/wx')

test('a secret ballot: the phone has its paper, the vote goes without a name, and nothing says what it was', async () => {
  const paper = { token: 'ab', signature: 'cd' }
  const held = { keep: {}, blinded: 'x', paper, cast: false }
  const person = me()
  const { wx, log, storage } = fakePhone(
    {
      ...always,
      'GET /resident/me': person,
      'GET /public/polls/7': poll,
      'POST /public/polls/7/ballots': (request) => ({ option: request.body.option }),
    },
    {
      'session.token': 'tok',
      'session.me': person,
      [`ballot.7.${person.id}`]: held,
    },
    {
      getRandomValues: ({ length, success }) => success({ randomValues: new ArrayBuffer(length) }),
    },
  )
  const page = openPage('pages-consult/poll/index', wx, { id: '7' })
  await page.appears('poll-question')
  expect(page.textOf('poll-notice')).toBe('征求意见，不是法定表决')
  expect(page.textOf('poll-turnout')).toContain('应投 800 人')

  page.tap('poll-vote')
  await page.shows('请先选一项')
  page.tap('option-o2')
  page.tap('poll-vote')
  await page.appears('poll-cast')
  const cast = log.requests.find(({ name }) => name === 'POST /public/polls/7/ballots')
  expect(cast.body).toEqual({ ...paper, option: 'o2' })
  expect(Object.keys(cast.header).map((name) => name.toLowerCase())).not.toContain('authorization')
  expect(Object.keys(cast.header)).not.toContain('Idempotency-Key')
  expect(JSON.stringify(storage)).not.toContain('o2')

  page.tap('poll-change') // changed by this phone until it closes
  await page.appears('option-o1')
  page.tap('option-o1')
  page.tap('poll-vote')
  await eventually(() =>
    expect(log.requests.filter(({ name }) => name.endsWith('/ballots'))).toHaveLength(2),
  )
})
