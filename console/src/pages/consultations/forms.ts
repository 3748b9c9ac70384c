/** What the steps of a topic that have a form of their own ask for, as data. DataForm draws it. */
import type { Consultation, OwnForms } from '@/api/types'
import type { FormField, OwnForm } from '@/components/form/fields'

const MEETINGS = [
  { value: 'council', label: '议事会' },
  { value: 'hearing', label: '听证会' },
  { value: 'talk', label: '恳谈会' },
] as const
const STEPS = [
  { value: 'proposal', label: '党组织提议' },
  { value: 'committees', label: '两委商议' },
  { value: 'party_meeting', label: '党员大会审议' },
  { value: 'assembly', label: '村民会议（代表会议）决议' },
] as const
const ASSEMBLIES = [
  { value: 'representatives', label: '村民代表会议' },
  { value: 'adults', label: '村民会议' },
  { value: 'households', label: '村民会议（户代表）' },
] as const

/** The text of a topic, to be written or written anew. */
const textFields = (topic?: Consultation): FormField[] => [
  { name: 'title', label: '题目', kind: 'line', required: true, most: 60, value: topic?.title },
  {
    name: 'body',
    label: '是什么事',
    kind: 'text',
    required: true,
    most: 8000,
    rows: 6,
    value: topic?.body,
  },
  {
    name: 'asked',
    label: '请大家谈什么',
    kind: 'text',
    most: 2000,
    rows: 2,
    value: topic?.asked,
  },
]

/** What a village or the town brings. */
export const bringForm: OwnForm = {
  label: '提出议题',
  explain: '提出以后由另一个人审定，审定的理由会公开。',
  fields: [
    ...textFields(),
    { name: 'reason', label: '为什么现在商量', kind: 'text', most: 500, rows: 2 },
  ],
}

/** Those steps for a topic as it stands. */
export function ownForms(topic: Consultation): Record<keyof OwnForms, OwnForm> {
  return {
    call_meeting: {
      label: '通知开会',
      explain: '听证会至少提前七天，材料和参加人名单提前公开。',
      fields: [
        { name: 'form', label: '会议形式', kind: 'choice', required: true, options: MEETINGS },
        { name: 'at', label: '时间', kind: 'moment', required: true },
        { name: 'place', label: '地点', kind: 'line', required: true, most: 100 },
        { name: 'agenda', label: '议程', kind: 'text', required: true, most: 2000 },
        {
          name: 'invited',
          label: '请谁参加（一行一个，会公开）',
          kind: 'lines',
          hint: '村民代表\n县交通局\n政协委员',
        },
        { name: 'chosen_how', label: '参加人怎么产生', kind: 'line', most: 300 },
        { name: 'materials', label: '会议材料', kind: 'text', most: 8000 },
        { name: 'seats', label: '留给群众报名的座位数', kind: 'number' },
      ],
    },
    record_meeting: {
      label: '登记会议记录',
      explain: '会议记录和到会人数会公开。',
      fields: [
        { name: 'minutes', label: '会议记录', kind: 'text', required: true, most: 8000, rows: 6 },
        { name: 'expected', label: '应到人数', kind: 'number' },
        { name: 'attended', label: '实到人数', kind: 'number', required: true },
        { name: 'attendance', label: '到会情况', kind: 'line', most: 500 },
      ],
    },
    report_progress: {
      label: '公布进展',
      explain: '每一步都写日期，照片会公开。',
      fields: [
        { name: 'on', label: '日期', kind: 'date', required: true },
        { name: 'text', label: '办到哪一步', kind: 'text', required: true, most: 2000 },
        { name: 'photo_ids', label: '照片', kind: 'photos', most: 9 },
        {
          name: 'faces_checked',
          label: '我看过了：照片里没有露出人脸、车牌、门牌号',
          kind: 'tick',
        },
      ],
    },
    record_resolution: {
      label: '登记一议',
      explain: '到会和同意的人数由程序按法定人数核对，不够的不能往下走。',
      fields: [
        { name: 'step', label: '哪一议', kind: 'choice', required: true, options: STEPS },
        { name: 'form', label: '决议的会议', kind: 'choice', options: ASSEMBLIES },
        { name: 'held_on', label: '日期', kind: 'date', required: true },
        { name: 'entitled', label: '应到', kind: 'number', required: true },
        { name: 'present', label: '实到', kind: 'number', required: true },
        { name: 'agreed', label: '同意', kind: 'number', required: true },
        { name: 'note', label: '说明', kind: 'line', most: 500 },
      ],
    },
    correct: {
      label: topic.frozen ? '更正正文' : '修改正文',
      explain: topic.frozen
        ? '已经有人发表意见：更正会成为带日期的新版本，说过话的人会收到通知。'
        : '还没有人发表意见，可以直接修改。',
      fields: [
        ...textFields(topic),
        ...(topic.frozen
          ? [
              {
                name: 'reason',
                label: '为什么更正',
                kind: 'text' as const,
                required: true,
                most: 500,
                rows: 2,
              },
            ]
          : []),
      ],
    },
  }
}

/** Which form an action of the API's list opens. */
export const FORM_OF: Record<string, keyof OwnForms> = {
  call_meeting: 'call_meeting',
  record_meeting: 'record_meeting',
  report_progress: 'report_progress',
  record_resolution: 'record_resolution',
  edit: 'correct',
  correct: 'correct',
}
/** Sorted into groups on a sheet of its own. */
export const GROUPING = 'group'

/** The poll that may be opened together with a topic. */
export const POLL_FIELDS: readonly FormField[] = [
  { name: 'question', label: '要问什么', kind: 'line', required: true, most: 200 },
  {
    name: 'options',
    label: '选项（一行一个，至少两个）',
    kind: 'lines',
    required: true,
    hint: '同意\n不同意\n再商量',
  },
  { name: 'entitled', label: '名册上有权参加的人数', kind: 'number', required: true },
]
