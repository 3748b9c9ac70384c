const { always, me } = require('./harness/answers')
const { openPage } = require('./harness/miniprogram')
const { guide, petition } = require('./harness/petitions')
const { until } = require('./harness/wait')
const { fakePhone } = require('./harness/wx')

test('dates, papers, who opened it, a rating, and what is added goes the way of petitions', async () => {
  const rated = {
    ratings: [
      { ...petition().ratings[0], state: 'rated', score: 'satisfied', score_label: '满意' },
    ],
  }
  const { wx, log } = fakePhone(
    {
      ...always,
      'GET /resident/me': me(),
      'GET /resident/subscriptions': { items: [], ask: [] },
      'GET /public/petitions/guide': guide,
      'GET /resident/petitions/501': petition(),
      'POST /resident/petitions/501/actions/rate_office': petition({ ...rated, version: 3 }),
      'POST /resident/petitions/501/actions/supplement': petition({ ...rated, version: 4 }),
    },
    { 'session.token': 'tok' },
  )
  wx.uploadFile = (options) => {
    log.uploads.push(options)
    setTimeout(() => options.success({ statusCode: 201, data: '{"id":"f9"}' }), 1)
    return { onProgressUpdate: () => undefined }
  }
  const page = openPage('pages-petition/detail/index', wx, { id: '501' })
  await page.shows('责任单位正在调查核实')
  expect(page.textOf('petition-dates')).toContain('告知期限')
  expect(page.textOf('petition-dates')).toContain('已完成')
  expect(page.textOf('petition-due')).toContain('答复不晚于')
  expect(page.textOf('petition-documents')).toContain('南信告〔2026〕3号')
  // PET-11: an opinion is read once it is delivered
  expect(page.all('document-open')[1].$$.textContent).toContain('送达后能看')
  expect(page.textOf('timeline-entry')).toContain('合同.pdf')

  page.tap('petition-readings')
  await page.appears('reading')
  expect(page.textOf('reading')).toContain('示例所')
  page.tap('sheet-close')

  page.tap('action-rate_office')
  await page.appears('option-satisfied')
  page.tap('option-satisfied')
  page.tap('action-send')
  await page.shows('：满意')

  page.tap('action-supplement')
  await page.appears('field-note')
  page.type('field-note', '补一张照片')
  page.tap('photo-add')
  await page.appears('photo-waiting')
  page.tap('action-send')
  await until('the second answer', () => log.toasts.length > 1, { seen: () => page.text })
  expect(log.toasts).toEqual(['谢谢您的评价', '已补充'])
  const bodies = log.requests.filter(({ name }) => name.startsWith('POST')).map(({ body }) => body)
  expect(bodies).toEqual([
    { version: 2, score: 'satisfied', file_ids: [] },
    { version: 3, note: '补一张照片', file_ids: ['f9'] },
  ])
  expect(new URL(log.uploads[0].url).pathname).toBe('/api/v1/resident/petition-files')

  page.tap('petition-pressure')
  await page.appears('above-call')
  page.tap('above-call')
  await until('a call', () => log.calls.length > 0)
  expect(log.calls).toEqual(['0632-0000001'])
})
