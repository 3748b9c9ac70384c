const { always, me } = require('./harness/answers')
const { openPage } = require('./harness/miniprogram')
const { guide } = require('./harness/petitions')
const { until } = require('./harness/wait')
const { fakePhone } = require('./harness/wx')

test('three steps: each asks for its own, nothing is lost without an answer, and it is sent once (PET-01, PET-02)', async () => {
  let tries = 0
  const { wx, log, storage } = fakePhone(
    {
      ...always,
      'GET /resident/me': me(),
      'GET /public/petitions/guide': guide,
      'POST /resident/petitions': () => {
        tries += 1
        if (tries === 1) return { offline: true }
        return { statusCode: 201, data: { id: '501', code_display: '7KQ4-M2XN-9ABC' } }
      },
    },
    { 'session.token': 'tok' },
    {
      chooseMessageFile: (options) =>
        options.success({ tempFiles: [{ path: 'wxfile://a.pdf', size: 9, name: '合同.pdf' }] }),
    },
  )
  wx.uploadFile = (options) => {
    log.uploads.push(options)
    setTimeout(() => options.success({ statusCode: 201, data: '{"id":"f1"}' }), 1)
    return { onProgressUpdate: () => undefined }
  }
  wx.pageScrollTo = () => undefined
  const page = openPage('pages-petition/file/index', wx)
  await page.appears('topic-land')
  page.tap('petition-next')
  await page.shows('请选一下是哪方面的事')
  page.tap('topic-land')
  page.type('petition-claim', '请恢复通行')
  page.type('petition-facts', '围墙占了半条路')
  page.tap('file-add')
  await page.appears('photo-done')
  await page.shows('合同.pdf')
  page.tap('petition-next')

  await page.appears('petition-name')
  page.tap('petition-next')
  await page.shows('请写您的姓名')
  page.type('petition-name', '示例甲')
  page.type('petition-phone', '13800000000')
  page.type('petition-address', '示例一村1号')
  page.type('petition-id-number', '110105194912310021')
  page.tap('petition-next')
  await page.shows('最后一位对不上')
  page.type('petition-id-number', '')
  page.tap('agent-add')
  await page.appears('agent-name')
  page.type('agent-name', '示例乙')
  page.type('agent-relation', '儿子')
  page.tap('petition-next')

  await page.appears('petition-notice')
  expect(page.text).toContain('请如实反映')
  expect(page.text).toContain('示例乙（儿子）')
  page.tap('petition-next')
  await page.shows('网络不通')
  expect(storage['draft.petition'].facts).toBe('围墙占了半条路')
  page.tap('petition-next')
  await until('the receipt', () => log.opened.length > 0, { seen: () => page.text })

  const sent = log.requests.filter((one) => one.name === 'POST /resident/petitions')
  expect(sent).toHaveLength(2)
  expect(sent[0].header['Idempotency-Key']).toBe(sent[1].header['Idempotency-Key'])
  expect(sent[1].body).toEqual({
    town: 'demo',
    topic: 'land',
    claim: '请恢复通行',
    facts: '围墙占了半条路',
    reasons: '',
    name: '示例甲',
    phone: '13800000000',
    address: '示例一村1号',
    id_number: '',
    agents: [{ name: '示例乙', phone: '', relation: '儿子' }],
    joint: false,
    file_ids: ['f1'],
  })
  expect(log.opened[0]).toEqual(['redirectTo', '/pages-petition/detail/index?id=501&new=1'])
  expect(storage['draft.petition'].claim).toBe('')
})
