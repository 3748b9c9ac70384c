const { openPage } = require('./harness/miniprogram')
const { eventually, until } = require('./harness/wait')
const { report, start, task, workerPhone } = require('./harness/worker')
const { text } = require('./harness/answers')

const handle = {
  action: 'handle',
  label: '办好了',
  tone: 'primary',
  fields: [text('note', '办理情况')],
}

test('task: opens from the phone without a network, is done there, and goes once when the network is back', async () => {
  const kept = report({ actions: [start, handle] })
  const { wx, log, sent, storage, network } = workerPhone(
    {
      'GET /staff/cases/101': kept,
      'POST /staff/cases/101/actions/start': report({ version: 4 }),
      'POST /staff/cases/101/actions/handle': report({ version: 5 }),
    },
    { 'tasks.kept': { at: '2026-11-22T02:00:00Z', items: [task()] }, 'task.kept.101': kept },
  )
  network(false)
  const page = openPage('pages-work/task/index', wx, { id: '101' })
  await page.appears('task-kept')
  page.tap('action-start')
  await eventually(() => expect(log.toasts.at(-1)).toContain('已存在手机里'))
  await page.shows('待发送：接单')
  page.tap('action-handle')
  await page.appears('action-send')
  page.type('field-note', '换了灯')
  page.tap('action-send')
  await page.shows('待发送：办好了')
  expect(page.has('action-send')).toBe(false)

  network(true)
  await until('both', () => sent('POST /staff/cases/101/actions/handle').length === 1)
  expect(sent('POST /staff/cases/101/actions/start')).toHaveLength(1)
  expect(sent('POST /staff/cases/101/actions/handle')[0].body).toEqual({
    version: 4,
    note: '换了灯',
  })
  await eventually(() => expect(storage['outbox.queue']).toEqual([]))
})
