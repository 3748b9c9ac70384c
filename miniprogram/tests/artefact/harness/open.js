/** 三务公开 in the shapes of docs/openapi.json, small enough to read in a test. */
const notice = {
  id: '5',
  code: 'ABCD',
  kind: 'finance',
  kind_label: '财务',
  category: 'ledger',
  category_label: '收支明细',
  title: '10月收支公开表',
  village_id: '7',
  village_name: '示例三村',
  published_on: '2026-11-12',
  shown_until: '2026-11-27',
  days_late: 2,
  version: 2,
  supplements: 1,
  period: '2026-10',
  sheet_id: '3',
  audience: 'public',
  audience_label: '公开',
  body: '收支已逐笔审核。',
  attachments: [
    {
      id: '1',
      name: '工资表.xlsx',
      type: 'excel',
      size: 9000,
      url: '/f/1',
      pages: [],
      table: [['姓名', '金额'], ...Array.from({ length: 20 }, (_, n) => [`示例${n}`, '1300.00'])],
      state: 'ready',
    },
  ],
  chain: [
    {
      step: 'review',
      step_label: '监督委员会审查',
      name: '示例甲',
      duty: '主任',
      on: '2026-11-08',
      opinion: '同意公开',
    },
  ],
  versions: [
    { number: 1, on: '2026-11-12', reason: '', body: '收支已逐笔审核。', hash: 'a'.repeat(64) },
    { number: 2, on: '2026-11-15', reason: '写错月份', body: '应为10月', hash: 'b'.repeat(64) },
  ],
  hash: 'b'.repeat(64),
  objection_until: '2026-11-27',
  objection_phone: '0632-0000000',
  reads: 12,
  objections: { count: 1, unanswered: 1 },
}

const objection = {
  id: '8',
  kind: 'question',
  kind_label: '提问',
  line: 2,
  text: '电费为什么多了一倍？',
  author_label: '示例三村村民',
  comment_id: 'c8',
  seconds: 0,
  asked_on: '2026-11-13',
  state: 'asked',
  state_label: '等待答复',
  tone: 'new',
  due_on: '2026-11-18',
  overdue: true,
  days_late: 4,
  answer: '',
  answered_unit: '',
  answered_on: null,
  escalated_on: null,
  town_answered_on: null,
}

const answered = {
  ...objection,
  id: '9',
  line: null,
  state: 'answered',
  state_label: '已答复',
  tone: 'done',
  overdue: false,
  days_late: 0,
  answer: '抄表隔了两个月。',
  answered_unit: '示例三村',
  answered_on: '2026-11-15',
}

const own = (one) => ({
  ...one,
  version: 3,
  notice_id: '5',
  comment_state: 'shown',
  comment_state_label: '已显示',
  held_reason: '',
  case_id: null,
  case_code: '',
  actions: [
    { action: 'satisfied', label: '满意', tone: 'plain', fields: [] },
    { action: 'unsatisfied', label: '不满意，请镇里来办', tone: 'danger', fields: [] },
  ],
})

const objections = {
  items: [answered, objection],
  next_cursor: null,
  count: 2,
  unanswered: 1,
  open_until: '2026-11-27',
  open: true,
}

const line = (no, more) => ({
  no,
  on: '2026-10-08',
  voucher: `记-${no}`,
  words: `第${no}笔`,
  direction: 'out',
  direction_label: '支出',
  category: 'c',
  category_label: '公益支出',
  income_fen: 0,
  expense_fen: no * 100,
  counterpart: '示例*',
  handler: '示例*',
  witness: '',
  approver: '示例*',
  papers: 1,
  note: '',
  ...more,
})

const sheet = {
  id: '3',
  village_id: '7',
  village_name: '示例三村',
  month: '2026-10',
  month_label: '2026年10月',
  version: 1,
  account: '',
  opening_fen: 10_000,
  income_fen: 5_000,
  expense_fen: 2_001,
  closing_fen: 12_999,
  receivable_fen: 0,
  payable_fen: 0,
  lines_total: 2,
  lines: [
    line(1, { words: '承包费', direction: 'in', income_fen: 5_000, expense_fen: 0 }),
    line(2, { words: '村东路灯电费', expense_fen: 2_001 }),
  ],
  next_cursor: null,
  foot: { opinion: '同意' },
  foot_labels: [{ key: 'opinion', label: '监督委员会意见' }],
  digest: 'c'.repeat(64),
  opening_matches: true,
}

const charts = {
  year: 2026,
  years: [2026, 2025],
  months: [
    { month: '2026-09', sheet_id: '2', income_fen: 100, expense_fen: 200, closing_fen: 10_000 },
    {
      month: '2026-10',
      sheet_id: '3',
      income_fen: 5_000,
      expense_fen: 2_001,
      closing_fen: 12_999,
    },
  ],
  categories: [
    {
      code: 'c',
      label: '公益支出',
      direction: 'out',
      direction_label: '支出',
      fen: 2_201,
      last_year_fen: 1_100,
    },
  ],
  compared_months: 2,
}

module.exports = { answered, charts, notice, objection, objections, own, sheet }
