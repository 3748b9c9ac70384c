const { openPage } = require('./harness/miniprogram')
const { eventually, until } = require('./harness/wait')
const { workerPhone } = require('./harness/worker')
const { receipt } = require('./harness/answers')

test('found: photo, tile, send; then settled on the spot with what the category asks for', async () => {
  const { wx, log, sent, storage } = workerPhone({
    'POST /staff/reports': { statusCode: 201, data: { ...receipt, similar: [] } },
  })
  const page = openPage('pages-work/found/index', wx)
  await page.shows('第17网格') // the place is where the worker stands, without a tap
  await page.shows('垃圾乱倒')
  expect(page.text).not.toContain('咨询政策') // a service for a person is found on no round

  // Three taps: camera, kind, send.
  page.tap('photo-add')
  await page.appears('photo-waiting')
  page.tap('found-tile')
  page.tap('found-send')
  await until('the first to be sent', () => sent('POST /staff/reports').length === 1, {
    seen: () => page.text,
  })
  expect(sent('POST /staff/reports')[0].body).toMatchObject({
    action: 'report_found',
    category_code: '0201',
    point: { lon: 117.2, lat: 35.04 },
    media_ids: ['m1'],
    after_media_ids: [],
  })
  await eventually(() => expect(log.toasts).toContain('已收下，谢谢'))

  // 自办: each thing that is missing is asked for by its reason.
  page.component.instance.onShow()
  await page.shows('第17网格')
  page.tap('found-tile')
  await page.appears('found-settled')
  page.tap('found-settled')
  await page.appears('found-note')
  page.tap('found-send')
  await page.shows('请写一句怎么处理的')
  page.type('found-note', '已清理干净')
  page.tap('found-send')
  await page.shows('请拍处理前的照片（对比前后）')
  page.tap('photo-add')
  await page.appears('photo-waiting')
  page.tap('found-send')
  await page.shows('请拍处理后的照片（对比前后）')
  page.fire(page.all('photo-add').at(-1), 'tap')
  await until('the second photo', () => page.all('photo-waiting').length === 2)
  expect(sent('POST /staff/reports')).toHaveLength(1)
  page.tap('found-send')
  await until('the second to be sent', () => sent('POST /staff/reports').length === 2, {
    seen: () => page.text,
  })
  expect(sent('POST /staff/reports')[1].body).toMatchObject({
    action: 'settle_on_spot',
    note: '已清理干净',
    media_ids: ['m2'],
    after_media_ids: ['m3'],
  })
  await eventually(() => expect(storage['outbox.queue']).toEqual([]))
  expect(sent('POST /staff/uploads').map(({ body }) => body.purpose)).toEqual([
    'report',
    'report',
    'after',
  ])
  expect(storage['draft.found']).toMatchObject({ categoryCode: '', note: '' })
})
