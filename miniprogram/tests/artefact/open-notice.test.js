const { always, me } = require('./harness/answers')
const { openPage } = require('./harness/miniprogram')
const { answered, notice, objections, own } = require('./harness/open')
const { eventually } = require('./harness/wait')
const { fakePhone } = require('./harness/wx')

test('a notice: who signed, what was corrected, the table in the page; asked by line, its answer judged (OPEN-07, OPEN-08)', async () => {
  const sent = []
  const { wx, log } = fakePhone(
    {
      ...always,
      'GET /resident/me': me(),
      'GET /resident/villager': { villager: { state: 'confirmed', village_id: '7' } },
      'GET /public/notices/5': notice,
      'POST /public/notices/5/read': {},
      'GET /resident/notices/5/objections': {
        ...objections,
        mine: [own(answered)],
        may_ask: true,
      },
      'POST /resident/notices/5/objections': (request) => {
        sent.push(request.body)
        return own(answered)
      },
      'POST /resident/objections/9/actions/unsatisfied': (request) => {
        sent.push(request.body)
        return own(answered)
      },
    },
    { 'session.token': 'tok' },
  )
  const page = openPage('pages-open/notice/index', wx, { id: '5', line: '2' })
  await page.appears('notice-title')
  expect(page.textOf('notice-chain')).toContain('示例甲 · 主任')
  expect(page.textOf('notice-versions')).toContain('补正原因：写错月份')
  expect(page.textOf('attachment-row')).toContain('1300.00')
  expect(page.textOf('attachment-more')).toContain('还有 8 行')
  const read = log.requests.find(({ name }) => name === 'GET /public/notices/5')
  expect(read.header.Authorization).toBeUndefined()
  const counted = log.requests.find(({ name }) => name.endsWith('/read'))
  expect(counted.header.Authorization).toBeUndefined() // how many, not who

  await page.appears('objection-waits') // the one that is owed stands first
  expect(page.textOf('objection')).toContain('第 2 笔')
  expect(page.textOf('objection-waits')).toContain('超过答复期限 4 天')

  await page.appears('words-text') // the sheet was opened for its line
  page.type('words-text', '为什么多了一倍')
  page.tap('words-send')
  await eventually(() =>
    expect(sent).toEqual([{ kind: 'question', line: 2, text: '为什么多了一倍' }]),
  )

  page.tap('objection-unsatisfied')
  await page.appears('objection-up')
  page.type('objection-note', '没有说为什么')
  page.tap('objection-up')
  await eventually(() => expect(sent[1]).toEqual({ version: 3, note: '没有说为什么' }))
})
