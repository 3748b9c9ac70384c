const { always, home, me } = require('./harness/answers')
const { openPage } = require('./harness/miniprogram')
const { eventually } = require('./harness/wait')
const { fakePhone } = require('./harness/wx')

test('home: the town, its figures with their n, the tasks of a bound worker, the larger type of WeChat', async () => {
  const worker = { id: '7', name: '示例员', unit_name: '第17网格', open_tasks: 3, open_visits: 2 }
  const { wx, log, storage } = fakePhone(
    { ...always, 'GET /public/home': home, 'GET /resident/me': me({ staff: worker, unread: 2 }) },
    { 'session.token': 'tok' },
    { getAppBaseInfo: () => ({ fontSizeScaleFactor: 1.4 }) },
  )
  const page = openPage('pages/home/index', wx)

  await page.shows('示例好办')
  await page.shows('83%')
  expect(page.textOf('home-satisfied')).toContain('64人评')
  expect(page.textOf('home-tasks')).toContain('3 件')
  expect(page.textOf('home-visits')).toContain('2 户')
  expect(page.textOf('tab-inbox')).toContain('2')
  expect(page.text).toContain('示例备案1号')

  // WeChat's text is 1.4 times as large: the larger-type view is on without a tap, and a tap leaves it.
  expect(page.textOf('elder-toggle')).toBe('标准版')
  page.tap('elder-toggle')
  await page.shows('长辈版')
  expect(storage['display.elder']).toBe('off')

  page.tap('home-tasks')
  await eventually(() => expect(log.opened).toEqual([['navigateTo', '/pages-work/tasks/index']]))
})
