const { openPage } = require('./harness/miniprogram')
const { eventually, until } = require('./harness/wait')
const { report, task, workerPhone } = require('./harness/worker')

const act = (key, caseId, action, more = {}) => ({
  key,
  owner: '900',
  label: `${action} · 第${caseId}件`,
  at: '2026-11-22T02:00:00Z',
  path: `/api/v1/staff/cases/${caseId}/actions/${action}`,
  body: { version: 3 },
  caseId,
  crs: null,
  photos: [],
  state: 'waiting',
  tried: false,
  error: '',
  stale: false,
  photoRefused: false,
  ...more,
})

test('what waits goes in the order of its case; what is refused stops its case only, with the reason and two ways on', async () => {
  const refusal = {
    code: 'changed_meanwhile',
    message: '这件事刚刚有变化，请看过再办。',
    details: {},
  }
  let refused = 0
  const { wx, log, sent, storage } = workerPhone(
    {
      'GET /staff/tasks': { items: [task({ id: '101' })], next_cursor: null },
      'GET /staff/cases/101': report({ version: 9 }),
      'POST /staff/cases/101/actions/start': () => {
        refused += 1
        return refused === 1 ? { statusCode: 409, data: refusal } : report({ version: 10 })
      },
      'POST /staff/cases/101/actions/handle': report({ version: 11 }),
      'POST /staff/cases/102/actions/start': report({ id: '102', version: 4 }),
      'POST /staff/cases/102/actions/handle': report({ id: '102', version: 5 }),
    },
    {
      'outbox.queue': [
        act('a', '101', 'start'),
        act('b', '102', 'start'),
        act('c', '101', 'handle'),
        act('d', '102', 'handle'),
        act('e', '103', 'start', { owner: 'somebody else' }),
      ],
    },
  )
  const names = () =>
    log.requests.map((one) => one.name).filter((name) => name.includes('/actions/'))
  const page = openPage('pages-work/tasks/index', wx)
  await eventually(() =>
    expect(names()).toEqual([
      'POST /staff/cases/101/actions/start',
      'POST /staff/cases/102/actions/start',
      'POST /staff/cases/102/actions/handle',
    ]),
  )
  // the later act on a case goes on the version that the earlier one made
  expect(sent('POST /staff/cases/102/actions/handle')[0].body.version).toBe(4)
  await page.shows('1 件没发出去')
  page.tap('outbox-open')
  await page.shows('这件事刚刚有变化')
  expect(page.all('outbox-item')).toHaveLength(2) // and never somebody else's

  page.tap('outbox-again') // 按最新情况再发
  await until('all of the case to go', () => names().length === 5, { seen: () => page.text })
  expect(sent('POST /staff/cases/101/actions/start')[1].body.version).toBe(9)
  expect(sent('POST /staff/cases/101/actions/start')[1].header['Idempotency-Key']).not.toBe('a')
  expect(names()[4]).toBe('POST /staff/cases/101/actions/handle')
  await eventually(() => expect(storage['outbox.queue'].map(({ key }) => key)).toEqual(['e']))
})
