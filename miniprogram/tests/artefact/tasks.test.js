const { always, me, soon, task } = require('./harness/answers')
const { openPage } = require('./harness/miniprogram')
const { fakePhone } = require('./harness/wx')

const staff = { id: '7', name: '示例员', unit_name: '第17网格', open_tasks: 2, open_visits: 0 }

test('tasks: first due first, nearest first after a tap, no place asked before it', async () => {
  const { wx, log } = fakePhone(
    {
      ...always,
      'GET /resident/me': me({ staff }),
      'GET /staff/tasks': {
        items: [
          task({ id: '1', title: '近的', due_at: soon(50), point: { lon: 117.2, lat: 35.04 } }),
          task({ id: '2', title: '急的', due_at: soon(2), point: { lon: 117.4, lat: 35.2 } }),
        ],
        next_cursor: null,
      },
    },
    { 'session.token': 'tok' },
    {
      getLocation: (options) => {
        log.calls.push('getLocation')
        options.success({ longitude: 117.2, latitude: 35.04 })
      },
    },
  )
  const page = openPage('pages-work/tasks/index', wx)
  await page.shows('急的')
  const titles = () =>
    page.all('task-item').map((one) => (one.$$.textContent.includes('急的') ? '急' : '近'))
  expect(titles()).toEqual(['急', '近'])
  expect(log.calls).toEqual([])

  page.tap('sort-near')
  await page.shows('公里')
  expect(titles()).toEqual(['近', '急'])
  expect(log.calls).toEqual(['getLocation'])
})
