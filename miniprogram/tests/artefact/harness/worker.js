/** A bound worker's phone, and the answers a worker's pages ask for. */
const { always, located, me, report, task } = require('./answers')
const { fakePhone } = require('./wx')

const staff = { id: '7', name: '示例员', unit_name: '第17网格', open_tasks: 1, open_visits: 0 }
const kind = (code, name, more = {}) => ({
  code,
  name,
  group_code: code.slice(0, 2),
  group_name: '公共设施',
  urgency: 'normal',
  keywords: [],
  after_photo: false,
  after_photo_reason: '',
  before_photo: false,
  before_photo_reason: '',
  self_settle: false,
  promise: '2个工作日内答复',
  emergency: null,
  place_required: true,
  ...more,
})
const catalogue = {
  items: [
    kind('0201', '垃圾乱倒', {
      self_settle: true,
      before_photo: true,
      before_photo_reason: '对比前后',
      after_photo: true,
      after_photo_reason: '对比前后',
    }),
    kind('0601', '路灯不亮'),
    kind('9901', '咨询政策', { place_required: false }),
  ],
}
const media = (id) => ({ id, url: '', thumb_url: '', width: 1, height: 1, position: null })

/** Every upload gets the next number: m1, m2, … */
function takeUploads(routes) {
  let count = 0
  routes['POST /staff/uploads'] = () => {
    count += 1
    const id = `m${count}`
    routes[`POST /staff/uploads/${id}/complete`] = media(id)
    return {
      statusCode: 201,
      data: {
        id,
        url: `/files/${id}`,
        method: 'POST',
        fields: {},
        file_field: 'file',
        expires_at: '',
      },
    }
  }
}

/**
 * A phone whose network can be switched off: `phone.offline = true`.
 * @param {object} routes what the server answers besides what every worker's page asks
 */
function workerPhone(routes = {}, storage = {}) {
  const table = {
    ...always,
    'GET /public/categories': catalogue,
    'GET /public/locate': located,
    'GET /resident/me': me({ staff }),
    'GET /staff/reports/similar': { items: [] },
    'GET /staff/tasks': { items: [], next_cursor: null },
    ...routes,
  }
  takeUploads(table)
  const arrived = []
  const state = { offline: false, listeners: [] }
  const guarded = new Proxy(table, {
    get: (target, name) => {
      const entry = Reflect.get(target, name)
      return (request) => {
        if (state.offline) return { offline: true }
        arrived.push(request)
        return typeof entry === 'function' ? entry(request) : entry
      }
    },
  })
  const phone = fakePhone(
    guarded,
    { 'session.token': 'tok', 'session.me': me({ staff }), ...storage },
    { onNetworkStatusChange: (listener) => state.listeners.push(listener) },
  )
  /** Switch the network off, or on: then the phone tells the mini-program. */
  const network = (on) => {
    state.offline = !on
    for (const tell of state.listeners) tell({ isConnected: on })
  }
  /** What has reached the server under that name. */
  const sent = (name) => arrived.filter((one) => one.name === name)
  return { ...phone, table, network, sent }
}

const start = { action: 'start', label: '接单', tone: 'primary', fields: [] }

module.exports = { catalogue, me, report, staff, start, task, workerPhone }
