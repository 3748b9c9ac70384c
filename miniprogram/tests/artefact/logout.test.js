const { openPage } = require('./harness/miniprogram')
const { eventually } = require('./harness/wait')
const { report, task, workerPhone } = require('./harness/worker')

test('log-out takes the kept tasks from the phone', async () => {
  const { wx, storage } = workerPhone(
    { 'DELETE /resident/session': { statusCode: 204, data: '' } },
    {
      'tasks.kept': { at: '2026-11-22T02:00:00Z', items: [task()] },
      'task.kept.101': report({ contact: { name_masked: '王〇〇', phone_masked: '138****0001' } }),
    },
  )
  wx.showModal = (options) => options.success({ confirm: true })
  const page = openPage('pages/mine/index', wx)
  await page.appears('mine-logout')
  page.tap('mine-logout')
  await eventually(() => expect(storage['session.token']).toBeUndefined())
  const left = Object.keys(storage).filter((key) => /^(task|tasks)\.|^session\./.test(key))
  expect(left).toEqual([])
})
