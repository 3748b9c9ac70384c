/** Answers of the API in the shapes of docs/openapi.json, small enough to read in a test. */
const soon = (hours) => new Date(Date.now() + hours * 3600e3).toISOString().replace(/\.\d+Z$/, 'Z')

const config = {
  product_name: '示例好办',
  operator: '示例镇人民政府',
  filing_number: '示例备案1号',
  town: { id: '1', code: 'demo', name: '示例镇', county_name: '示例市' },
  towns: [{ id: '1', code: 'demo', name: '示例镇' }],
  phones: [{ name: '便民服务中心', number: '0632-0000000', hours: '工作日' }],
  privacy: { version: '2026-11', title: '隐私说明', paragraphs: ['只用来办事。'] },
  upload: { max_photos: 9, max_bytes: 1e7, types: ['image/jpeg'] },
  text_max: 500,
  wechat: { inside: false, sandbox: false, official: true, mini_appid: 'wx0' },
  features: {},
}

const home = {
  month_from: '2026-11-01',
  received: 126,
  closed: 109,
  median_days: 2.1,
  satisfied_percent: 83,
  rated: 64,
}

const map = {
  type: 'FeatureCollection',
  crs: 'gcj02',
  features: [
    {
      type: 'Feature',
      properties: { id: '1', level: 'town', name: '示例镇', parent_id: null },
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [117, 35],
            [118, 35],
            [118, 36],
            [117, 35],
          ],
        ],
      },
    },
  ],
}

const category = (code, name, keywords, more = {}) => ({
  code,
  name,
  group_code: code.slice(0, 2),
  group_name: '公共设施',
  urgency: 'normal',
  keywords,
  after_photo: true,
  after_photo_reason: '',
  promise: '2个工作日内答复',
  emergency: null,
  place_required: true,
  ...more,
})

const categories = {
  items: [
    category('0601', '路灯不亮', ['路灯']),
    category('1101', '火情', ['着火'], { emergency: { number: '119', words: '请马上拨打 119。' } }),
  ],
}

const located = {
  point: { lon: 117.2, lat: 35.04 },
  area: null,
  village: { id: 'v1', name: '示例三村' },
  grid: { id: 'g1', name: '第17网格' },
  label: '示例三村 · 第17网格',
}

const me = (more = {}) => ({
  id: '900',
  nickname: null,
  phone_masked: null,
  consent_version: null,
  elder_view: false,
  notify: true,
  unread: 1,
  staff: null,
  ...more,
})

const receipt = {
  id: '101',
  code: '7KQ4M2XN9ABC',
  code_display: '7KQ4-M2XN-9ABC',
  state: 'submitted',
  state_label: '待受理',
  due_on: '2026-11-25',
  qr_svg: '<svg width="1" height="1"></svg>',
  lookup_url: '',
  next_step: '镇里正在看您的上报。',
}

const text = (name, label, required = true) => ({
  name,
  label,
  kind: 'text',
  required,
  options: [],
  max: 200,
  value: null,
})

const rate = {
  action: 'rate',
  label: '评价',
  tone: 'primary',
  fields: [
    {
      name: 'score',
      label: '办得怎么样',
      kind: 'rating',
      required: true,
      options: [
        { value: 'satisfied', label: '满意' },
        { value: 'unsatisfied', label: '不满意' },
      ],
      max: null,
      value: null,
    },
    text('comment', '说说原因', false),
  ],
}

const report = (more = {}) => ({
  id: '101',
  code: '7KQ4M2XN9ABC',
  code_display: '7KQ4-M2XN-9ABC',
  version: 3,
  title: '路灯不亮',
  text: '村东路灯不亮',
  category_name: '路灯不亮',
  place_label: '示例三村 · 第17网格',
  point: { lon: 117.2, lat: 35.04 },
  address: '',
  state: 'handling',
  state_label: '办理中',
  tone: 'run',
  created_at: soon(-24),
  due_at: soon(48),
  due_on: '2026-11-25',
  days_left: 2,
  overdue: false,
  paused: false,
  holder: { unit_name: '第17网格', role_label: '网格员', phone: null },
  next_step: '处理完会由另一位工作人员核查。',
  media: [],
  timeline: [
    {
      id: '1',
      at: soon(-24),
      title: '已收到您的上报',
      who: '您',
      note: null,
      media: [],
      tone: 'new',
    },
    {
      id: '2',
      at: soon(-2),
      title: '已到现场',
      who: '第17网格',
      note: '正在修',
      media: [],
      tone: 'run',
    },
  ],
  reply: null,
  rating: null,
  actions: [],
  ...more,
})

const task = (more = {}) => ({
  id: '101',
  kind: 'case',
  code_display: '7KQ4-M2XN-9ABC',
  title: '路灯不亮',
  category_name: '路灯不亮',
  place_label: '示例三村 · 第17网格',
  state: 'dispatched',
  state_label: '待接单',
  tone: 'run',
  urgency: 'normal',
  urgency_label: '一般',
  created_at: soon(-24),
  due_at: soon(48),
  overdue: false,
  due_text: '还剩 2 天',
  assignee_name: '示例员',
  unit_name: '第17网格',
  thumb_url: null,
  version: 3,
  point: { lon: 117.2, lat: 35.04 },
  ...more,
})

/** Every page asks these. */
const always = { 'GET /public/config': config, 'GET /public/map': map }

module.exports = {
  always,
  categories,
  config,
  home,
  located,
  me,
  rate,
  receipt,
  report,
  soon,
  task,
  text,
}
