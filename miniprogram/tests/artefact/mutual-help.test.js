const { always, me } = require('./harness/answers')
const { openPage } = require('./harness/miniprogram')
const { eventually } = require('./harness/wait')
const { fakePhone } = require('./harness/wx')

const POST = 'POST /resident/help-requests'

test('help is asked for once everything is said; the numbers in need call at one touch', async () => {
  const { wx, log, storage } = fakePhone(
    {
      ...always,
      'GET /resident/me': me({}),
      'GET /public/places': { items: [{ id: '7', name: '示例三村', area_name: '' }] },
      [POST]: { statusCode: 201, data: { id: '1' } },
    },
    { 'session.token': 'tok' },
  )
  const page = openPage('pages-mutual/help-form/index', wx)
  await page.appears('help-send')
  page.tap('call-120')
  await eventually(() => expect(log.calls).toEqual(['120']))
  page.tap('help-send')
  await page.shows('还差一点')
  expect(log.requests.some(({ name }) => name === POST)).toBe(false)
  page.tap('for-self')
  page.tap('reason-ill')
  page.tap('help-village')
  await page.appears('village-7')
  page.tap('village-7')
  page.type('help-place', '二组')
  page.type('help-phone', '13900000001')
  await eventually(() => expect(storage['draft.help']).toMatchObject({ phone: '13900000001' }))
  page.tap('help-send')
  await page.appears('help-done')
  const sent = log.requests.filter(({ name }) => name === POST)
  expect(sent).toHaveLength(1)
  expect(sent[0].body).toMatchObject({
    town: 'demo',
    reason: 'ill',
    village_id: '7',
    place: '二组',
  })
  expect(storage['draft.help']).toBeUndefined() // nothing of it stays on the phone
})
