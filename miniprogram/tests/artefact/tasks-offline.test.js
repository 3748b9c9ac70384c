const { openPage } = require('./harness/miniprogram')
const { eventually } = require('./harness/wait')
const { report, task, workerPhone } = require('./harness/worker')

test('tasks: the list and tasks nobody opened are kept for where there is no signal', async () => {
  const { wx, storage, network } = workerPhone({
    'GET /staff/tasks': {
      items: [task({ id: '101' }), task({ id: '55', kind: 'child_task', title: '查线路' })],
      next_cursor: null,
    },
    'GET /staff/cases/101': report(),
    'GET /staff/child-tasks/55': report({ id: '55', title: '查线路' }),
  })
  const page = openPage('pages-work/tasks/index', wx)
  await page.shows('查线路')
  await eventually(() =>
    expect(Object.keys(storage).filter((key) => key.startsWith('task.kept.'))).toHaveLength(2),
  )
  const at = storage['tasks.kept'].at
  network(false)
  page.component.instance.onShow()
  await page.appears('tasks-kept')
  expect(page.all('task-item')).toHaveLength(2)
  expect(storage['tasks.kept'].at).toBe(at) // and it says from when it is
})
