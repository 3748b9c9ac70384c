const { always, me } = require('./harness/answers')
const { openPage } = require('./harness/miniprogram')
const { guide } = require('./harness/petitions')
const { until } = require('./harness/wait')
const { fakePhone } = require('./harness/wx')

test('without a name: no token goes along though somebody is logged in, and the code stays until it is noted', async () => {
  const { wx, log, storage } = fakePhone(
    {
      ...always,
      'GET /resident/me': me(),
      'GET /public/petitions/guide': guide,
      'POST /public/petitions': { statusCode: 201, data: { code_display: '7KQ4-M2XN-9ABC' } },
    },
    { 'session.token': 'tok' },
    {
      getRandomValues: ({ length, success }) =>
        success({ randomValues: new Uint8Array(length).fill(7).buffer }),
      showModal: (options) => options.success({ confirm: true }),
      pageScrollTo: () => undefined,
    },
  )
  wx.uploadFile = (options) => {
    log.uploads.push(options)
    setTimeout(() => options.success({ statusCode: 201, data: '{"id":"f1"}' }), 1)
    return { onProgressUpdate: () => undefined }
  }
  const page = openPage('pages-petition/anonymous/index', wx)
  await page.appears('topic-other')
  page.tap('topic-other')
  page.type('petition-claim', '请查一查')
  page.type('petition-facts', '某处某时')
  page.tap('photo-add')
  await page.appears('photo-done')
  page.tap('anonymous-send')
  await page.appears('anonymous-code')
  expect(page.textOf('anonymous-code')).toBe('7KQ4-M2XN-9ABC')
  expect(storage['draft.unnamed.code']).toBe('7KQ4-M2XN-9ABC')

  const sending = '07'.repeat(32)
  const [sent] = log.requests.filter(({ name }) => name === 'POST /public/petitions')
  expect(sent.header).toEqual({})
  expect(sent.body).toMatchObject({ sending, topic: 'other', file_ids: ['f1'] })
  expect(log.uploads[0].header).toEqual({ 'X-Sending': sending })
  expect(log.uploads[0].formData).toEqual({})

  page.tap('anonymous-noted')
  await until('the page to look it up', () => log.opened.length > 0)
  expect(storage['draft.unnamed.code']).toBeUndefined()
  expect(log.opened).toEqual([['redirectTo', '/pages-petition/progress/index']])
})
