/** Answers about petitions in the shapes of docs/openapi.json. */
const { soon, text } = require('./answers')

const guide = {
  office_name: '示例镇信访办公室',
  address: '示例路1号',
  phone: '0632-0000000',
  hours: '工作日',
  channels: ['来信：寄到镇信访办公室'],
  steps: ['登记：提交以后马上登记', '告知：15天内书面告诉您'],
  topics: [
    { code: 'land', label: '土地' },
    { code: 'other', label: '其他' },
  ],
  above: [{ name: '示例市信访局', phone: '0632-0000001', hours: '工作日' }],
  vault_open: false,
}

const action = (name, label, fields = [], tone = 'normal') => ({
  action: name,
  label,
  tone,
  fields,
})

const rating = {
  name: 'score',
  label: '您满意吗',
  kind: 'rating',
  required: true,
  options: [
    { value: 'satisfied', label: '满意' },
    { value: 'unsatisfied', label: '不满意' },
  ],
  max: null,
  value: null,
}

const files = {
  name: 'media_ids',
  label: '附件',
  kind: 'photos',
  required: false,
  options: [],
  max: 9,
  value: null,
}

const supplement = action('supplement', '补充材料', [text('note', '补充说明'), files])
const rateOffice = action('rate_office', '评价信访办', [rating])

const petition = (more = {}) => ({
  id: '501',
  code_display: '7KQ4-M2XN-9ABC',
  version: 2,
  title: '请恢复通行',
  claim: '请恢复通行',
  facts: '围墙占了半条路',
  reasons: '',
  topic_label: '土地',
  channel_label: '小程序',
  state: 'handling',
  state_label: '办理中',
  tone: 'run',
  next_step: '责任单位正在调查核实。',
  received_on: '2026-11-01',
  unit_name: '示例所',
  due_on: '2027-01-04',
  overdue: false,
  joint: true,
  dates: [
    { clock: 'inform', label: '告知期限', due_on: '2026-11-16', state: 'stopped', overdue: false },
    { clock: 'handle', label: '办理期限', due_on: '2099-01-04', state: 'running', overdue: false },
  ],
  parties: [{ role_label: '信访人', name: '示例甲', confirmed: true }],
  invitation_url: 'http://127.0.0.1:8000/m/pages-petition/cosign/index?token=abc',
  files: [{ id: 'f1', name: '合同.pdf', media_type: 'application/pdf', size: 1200000, url: '/x' }],
  documents: [
    {
      id: 'd1',
      kind: 'acceptance',
      kind_label: '受理告知书',
      number: '南信告〔2026〕3号',
      made_on: '2026-11-05',
      delivered_on: '2026-11-06',
      pdf_url: '/y',
    },
    {
      id: 'd2',
      kind: 'opinion',
      kind_label: '处理意见书',
      number: '南信处〔2026〕1号',
      made_on: '2026-11-20',
      delivered_on: null,
      pdf_url: null,
    },
  ],
  ratings: [
    {
      object: 'office',
      label: '镇信访办',
      state: 'waiting',
      state_label: '待评价',
      score: null,
      score_label: null,
      reason: null,
      closes_on: '2026-12-06',
    },
  ],
  timeline: [
    {
      id: '1',
      at: soon(-24),
      title: '已登记',
      who: '您',
      note: null,
      details: [],
      files: [{ id: 'f1', name: '合同.pdf', media_type: 'application/pdf', size: 1, url: '/x' }],
      tone: 'new',
    },
  ],
  readings: [
    {
      unit_name: '示例所',
      hour: soon(-3),
      by_hour: true,
      what_label: '打开了这件事',
      reason: '',
    },
  ],
  same_matter: null,
  joined_into: null,
  actions: [supplement, rateOffice, action('withdraw', '撤回', [], 'danger')],
  ...more,
})

module.exports = { guide, petition, action }
