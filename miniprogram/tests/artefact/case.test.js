const { always, me, rate, report } = require('./harness/answers')
const { openPage } = require('./harness/miniprogram')
const { fakePhone } = require('./harness/wx')

const closed = {
  state: 'closed',
  state_label: '已办结',
  tone: 'done',
  actions: [rate],
  reply: {
    text: '已修好。',
    outcome: 'resolved',
    outcome_label: '已解决',
    at: '2026-11-20T02:00:00Z',
  },
}

test('case: the way, the reply, a rating that meets a change and keeps its words', async () => {
  let tries = 0
  const { wx, log } = fakePhone(
    {
      ...always,
      'GET /resident/me': me(),
      'GET /resident/subscriptions': { items: [], ask: [] },
      'GET /resident/reports/101': () => report({ ...closed, version: 3 + tries }),
      'POST /resident/reports/101/actions/rate': () => {
        tries += 1
        if (tries > 1)
          return report({
            ...closed,
            actions: [],
            rating: { score: 'unsatisfied', comment: '又坏了', at: '' },
          })
        const details = {
          current_version: 4,
          state_label: '已办结',
          changed_by: '示例员',
          change: '补充了答复',
        }
        return { statusCode: 409, data: { code: 'changed', message: '有变化', details } }
      },
    },
    { 'session.token': 'tok' },
  )
  const page = openPage('pages/case/index', wx, { id: '101' })
  await page.shows('已修好。')
  expect(page.all('timeline-entry').map((one) => one.$$.textContent)[0]).toContain('已到现场')

  page.tap('rate-open')
  await page.appears('option-unsatisfied')
  page.tap('action-send')
  await page.shows('请补上“办得怎么样”')
  page.tap('option-unsatisfied')
  page.type('field-comment', '又坏了')
  page.tap('action-send')
  await page.shows('示例员刚刚补充了答复')

  page.tap('action-send')
  await page.shows('您的评价：')
  const sent = log.requests
    .filter((one) => one.name.endsWith('/actions/rate'))
    .map((one) => one.body)
  expect(sent).toEqual([
    { version: 3, score: 'unsatisfied', comment: '又坏了' },
    { version: 4, score: 'unsatisfied', comment: '又坏了' },
  ])
})
