/** What is written down for a guide and for a number, as data. */
import type { Guide, GuideDraft, PhoneDraft, PhoneEntry } from '@/api/types'
import type { Column, OwnForm, Row } from '@/components/form/fields'

const MATERIALS: readonly Column[] = [
  { name: 'name', label: '带什么', most: 60, wide: 3 },
  { name: 'copies', label: '几份', most: 2 },
  { name: 'note', label: '说明', most: 120, wide: 3 },
]
const PHONES: readonly Column[] = [
  { name: 'name', label: '找谁', most: 40, wide: 2 },
  { name: 'phone', label: '电话', most: 20, wide: 2 },
]

export const guideForm = (guide?: Guide): OwnForm => ({
  label: guide ? '修改指南' : '写一条指南',
  send: '保存',
  whole: true,
  fields: [
    {
      name: 'title',
      label: '办什么事',
      kind: 'line',
      required: true,
      most: 60,
      hint: '例如：新生儿落户',
      value: guide?.title,
    },
    {
      name: 'group',
      label: '归在哪一类',
      kind: 'line',
      required: true,
      most: 20,
      hint: '例如：户籍、社保、宅基地',
      value: guide?.group,
    },
    { name: 'who', label: '谁可以办', kind: 'line', most: 300, value: guide?.who },
    {
      name: 'materials',
      label: '要带的材料',
      kind: 'rows',
      columns: MATERIALS,
      note: '群众可以在手机上一项一项打勾。只看不收的，份数写 0。',
      value: guide?.materials.map(({ name, note, copies }) => ({
        name,
        note,
        copies: String(copies),
      })),
    },
    {
      name: 'steps',
      label: '怎么办（一行一步）',
      kind: 'lines',
      rows: 4,
      value: guide?.steps.join('\n'),
    },
    { name: 'place', label: '在哪里办', kind: 'line', most: 120, value: guide?.place },
    {
      name: 'hours',
      label: '什么时间',
      kind: 'line',
      most: 120,
      hint: '周一到周五 8:30–12:00，13:30–17:30',
      value: guide?.hours,
    },
    {
      name: 'phones',
      label: '问谁',
      kind: 'rows',
      columns: PHONES,
      value: guide?.phones.map(({ name, phone }) => ({ name, phone })),
    },
    {
      name: 'takes',
      label: '多久办好',
      kind: 'line',
      most: 60,
      hint: '当场办好',
      value: guide?.takes,
    },
    { name: 'fee', label: '收不收费', kind: 'line', most: 120, hint: '不收费', value: guide?.fee },
    {
      name: 'basis',
      label: '依据',
      kind: 'text',
      most: 2000,
      rows: 2,
      value: guide?.basis,
    },
    {
      name: 'shown',
      label: '公开，群众看得到',
      kind: 'tick',
      value: guide ? guide.state === 'shown' : true,
    },
  ],
})

/** As the API takes it. */
export function guideOf(given: Record<string, unknown>): GuideDraft {
  const { shown, materials, ...rest } = given
  return {
    ...rest,
    state: shown ? 'shown' : 'hidden',
    materials: (materials as Row[]).map(({ name = '', note = '', copies = '' }) => ({
      name,
      note,
      copies: copies.trim() === '' ? 1 : Number(copies),
    })),
  } as GuideDraft
}

const TOWN = 'town'

export const phoneForm = (
  villages: readonly { id: string; name: string }[],
  entry?: PhoneEntry,
): OwnForm => ({
  label: entry ? '修改电话' : '加一个电话',
  send: '保存',
  whole: true,
  fields: [
    { name: 'name', label: '单位或人', kind: 'line', required: true, most: 40, value: entry?.name },
    { name: 'phone', label: '电话', kind: 'line', required: true, most: 20, value: entry?.phone },
    {
      name: 'group',
      label: '归在哪一类',
      kind: 'line',
      required: true,
      most: 20,
      hint: '例如：水电气、医疗、村委会',
      value: entry?.group,
    },
    {
      name: 'village_id',
      label: '哪里的',
      kind: 'select',
      required: true,
      options: [
        { value: TOWN, label: '全镇' },
        ...villages.map(({ id, name }) => ({ value: id, label: name })),
      ],
      value: entry?.village_id ?? TOWN,
    },
    {
      name: 'hours',
      label: '什么时间打得通',
      kind: 'line',
      most: 60,
      hint: '全天',
      value: entry?.hours,
    },
    { name: 'note', label: '说明', kind: 'line', most: 120, value: entry?.note },
    {
      name: 'order',
      label: '排在第几（小的在前）',
      kind: 'number',
      value: String(entry?.order ?? 0),
    },
  ],
})

export const phoneOf = (given: Record<string, unknown>): PhoneDraft =>
  ({
    ...given,
    order: given.order ?? 0,
    village_id: given.village_id === TOWN ? null : given.village_id,
  }) as PhoneDraft
