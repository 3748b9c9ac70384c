import type { Action, QueueItem, StaffCase } from '@/api/types'

export function queueItem(id: string, change: Partial<QueueItem> = {}): QueueItem {
  return {
    id,
    code_display: '7KQ4-M2XN-9ABC',
    title: `事项${id}`,
    category_name: '水利沟渠',
    place_label: '示例三村 · 第17网格',
    state: 'submitted',
    state_label: '待受理',
    tone: 'new',
    urgency: 'normal',
    urgency_label: '一般',
    // The higher the id, the newer.
    created_at: new Date(Date.UTC(2026, 10, 22) + Number(id) * 60_000).toISOString(),
    due_at: '2026-11-25T15:59:59Z',
    overdue: false,
    due_text: '还剩 3 天',
    assignee_name: null,
    unit_name: null,
    thumb_url: null,
    marks: [],
    version: 1,
    ...change,
  }
}

const field = { max: null, options: [], value: null }

export const ACCEPT: Action = {
  action: 'accept_and_dispatch',
  label: '受理并分流',
  tone: 'primary',
  fields: [
    { ...field, name: 'unit_id', label: '交给谁办', kind: 'assignee', required: true },
    { ...field, name: 'note', label: '说明', kind: 'text', required: false },
  ],
}

export const PASS_CHECK: Action = {
  action: 'pass_check',
  label: '核查通过并答复',
  tone: 'primary',
  fields: [
    {
      ...field,
      name: 'outcome',
      label: '办理结果',
      kind: 'choice',
      required: true,
      options: [
        { value: 'resolved', label: '已解决' },
        { value: 'partly', label: '部分解决' },
      ],
    },
    { ...field, name: 'reply', label: '给居民的答复', kind: 'text', required: true, max: 1000 },
  ],
}

export const ESCALATE: Action = {
  action: 'escalate',
  label: '转上级或其他部门',
  tone: 'plain',
  fields: [
    { ...field, name: 'body', label: '转给哪个上级或部门', kind: 'line', required: true, max: 80 },
    { ...field, name: 'until', label: '对方要求的办结日期', kind: 'date', required: false },
  ],
}

export const MERGE: Action = {
  action: 'merge',
  label: '并入更早的一件',
  tone: 'plain',
  fields: [
    { ...field, name: 'into_code', label: '并入哪一件（查询码）', kind: 'case', required: true },
  ],
}

export function staffCase(change: Partial<StaffCase> = {}): StaffCase {
  return {
    id: '7',
    code: '7KQ4M2XN9ABC',
    code_display: '7KQ4-M2XN-9ABC',
    version: 3,
    title: '二组水渠堵塞',
    text: '二组水渠被树枝堵住。',
    channel: 'mini',
    category_code: 'c1',
    category_name: '水利沟渠',
    urgency: 'normal',
    urgency_label: '一般',
    place_label: '示例三村 · 第17网格',
    point: { lon: 117.15, lat: 35.02 },
    address: '',
    state: 'submitted',
    state_label: '待受理',
    tone: 'new',
    next_step: '镇里正在看。',
    created_at: '2026-11-22T01:00:00Z',
    due_at: '2026-11-25T15:59:59Z',
    due_on: '2026-11-25',
    due_text: '还剩 3 天',
    days_left: 3,
    overdue: false,
    closed_at: null,
    paused: false,
    holder: null,
    contact: { name_masked: '李○', phone_masked: '138****0000', under_14: false },
    assignee: { unit_id: null, unit_name: null, staff_id: null, staff_name: null },
    proposal: {
      unit_id: '17',
      unit_name: '第17网格',
      staff_id: '170',
      staff_name: '示例网格员',
      rule_name: '规则 12「水利沟渠 → 属地网格」',
      why: '位置在第17网格内',
    },
    clocks: [],
    media: [],
    timeline: [],
    reply: null,
    rating: null,
    reopen_count: 0,
    return_count: 0,
    extension_count: 0,
    pending_request: null,
    suspended_until: null,
    merged_into: null,
    merged_from: [],
    upstream: null,
    marks: [],
    confidential: false,
    registered_by_name: null,
    supervision: null,
    supervisions: [],
    call_backs: [],
    tasks: [],
    content_flag: null,
    actions: [ACCEPT],
    viewers: [],
    ...change,
  }
}
