const { always, me, report, text } = require('./harness/answers')
const { openPage } = require('./harness/miniprogram')
const { eventually } = require('./harness/wait')
const { fakePhone } = require('./harness/wx')

const staff = { id: '7', name: '示例员', unit_name: '第17网格', open_tasks: 1, open_visits: 0 }
const start = { action: 'start', label: '接单', tone: 'primary', fields: [] }
const photos = {
  name: 'media_ids',
  label: '办后照片',
  kind: 'photos',
  required: true,
  options: [],
  max: 9,
  value: null,
}
const handle = {
  action: 'handle',
  label: '办好了',
  tone: 'primary',
  fields: [text('note', '办理情况'), photos],
}
const desk = { action: 'dispatch', label: '改派', tone: 'plain', fields: [] }

test('task: the way, the contact opened on purpose, accepted, handled with the photo the category asks for', async () => {
  const { wx, log } = fakePhone(
    {
      ...always,
      'GET /resident/me': me({ staff }),
      'GET /staff/cases/101': report({
        actions: [start, desk],
        contact: { name_masked: '王〇〇', phone_masked: '138****0001' },
      }),
      'POST /staff/cases/101/contact': { name: '王女士', phone: '13800000001' },
      'POST /staff/cases/101/actions/start': report({ version: 4, actions: [handle] }),
      'POST /staff/cases/101/actions/handle': report({
        version: 5,
        state_label: '待核查',
        actions: [],
      }),
      'POST /staff/uploads': {
        statusCode: 201,
        data: {
          id: 'm9',
          url: '/files/m9',
          method: 'POST',
          fields: {},
          file_field: 'file',
          expires_at: '',
        },
      },
      'POST /staff/uploads/m9/complete': {
        id: 'm9',
        url: '',
        thumb_url: '',
        width: 1,
        height: 1,
        position: null,
      },
    },
    { 'session.token': 'tok' },
  )
  const page = openPage('pages-work/task/index', wx, { id: '101' })
  await page.shows('示例三村 · 第17网格')
  expect(page.has('action-dispatch')).toBe(false) // belongs to the desk

  page.tap('task-way')
  await eventually(() => expect(log.opened).toEqual([['openLocation', '路灯不亮']]))
  page.tap('task-call')
  await page.appears('action-start')
  page.tap('action-start')
  await page.appears('action-handle')
  await eventually(() => expect(log.calls).toEqual(['13800000001']))

  page.tap('action-handle')
  await page.appears('action-send')
  page.type('field-note', '换了灯')
  page.tap('action-send')
  await page.shows('请补上“办后照片”')
  page.tap('photo-add')
  await page.appears('photo-waiting')
  page.tap('action-send')
  await page.shows('待核查')
  const sent = log.requests.find((one) => one.name.endsWith('/actions/handle'))
  expect(sent.body).toEqual({ version: 4, note: '换了灯', media_ids: ['m9'] })
})
