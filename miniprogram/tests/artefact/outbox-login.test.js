const { openPage } = require('./harness/miniprogram')
const { eventually, until } = require('./harness/wait')
const { me, staff, workerPhone } = require('./harness/worker')

test('while nobody is logged in everything waits; a 删掉 is asked back and takes the photos along', async () => {
  const waits = {
    key: 'k1',
    owner: '900',
    label: '巡查上报 · 路灯不亮',
    at: '2026-11-22T02:00:00Z',
    path: '/api/v1/staff/reports',
    body: { action: 'report_found' },
    caseId: '',
    crs: 'gcj02',
    photos: [{ field: 'media_ids', storageKey: 'outbox.k1.0', purpose: 'after' }],
    state: 'waiting',
    tried: false,
    error: '',
    stale: false,
    photoRefused: false,
  }
  const photo = {
    key: 'p',
    kept: 'wxfile://p',
    size: 1,
    contentType: 'image/jpeg',
    path: '',
    state: 'waiting',
  }
  const dropped = []
  const { wx, sent, storage, log, table } = workerPhone(
    { 'POST /staff/reports': { statusCode: 422, data: { message: '这个位置不在您的网格。' } } },
    { 'outbox.queue': [waits], 'outbox.k1.0': [photo], 'session.token': '', 'session.me': '' },
  )
  table['POST /public/sessions/mini'] = { token: 'tok2', expires_at: '', resident: me({ staff }) }
  table['POST /resident/me/consent'] = me({ staff, consent_version: '2026-11' })
  wx.getFileSystemManager = () => ({
    saveFile: (options) => options.success({ savedFilePath: 'wxfile://kept' }),
    removeSavedFile: ({ filePath }) => dropped.push(filePath),
  })
  wx.showModal = (options) => {
    log.toasts.push(options.content)
    options.success({ confirm: true })
  }
  const page = openPage('pages-work/tasks/index', wx)
  await page.appears('need-login-action')
  expect(page.has('outbox-open')).toBe(false)
  expect(sent('POST /staff/reports')).toHaveLength(0)

  page.tap('need-login-action')
  await page.appears('consent-check')
  page.tap('consent-check')
  page.tap('consent-agree')
  await page.shows('1 件待发送')
  page.component.instance.onShow()
  await until('the sending after the log-in', () => sent('POST /staff/reports').length === 1)
  await page.shows('1 件没发出去')
  page.tap('outbox-open')
  await page.shows('这个位置不在您的网格。')
  page.tap('outbox-discard')
  await eventually(() => expect(storage['outbox.queue']).toEqual([]))
  expect(log.toasts.some((words) => words.includes('删掉就没有了'))).toBe(true)
  expect(dropped).toEqual(['wxfile://p'])
  expect(storage['outbox.k1.0']).toBeUndefined()
})
