/** What a petition must hold before it goes, each miss in a sentence (PET-02, PET-23). Pure; the server checks again. */
import { lengthOf } from './words'

export interface Matter {
  topic: string
  claim: string
  facts: string
  reasons: string
}

export interface Agent {
  name: string
  phone: string
  relation: string
}

export interface Petitioner {
  name: string
  phone: string
  address: string
  idNumber: string
  agents: Agent[]
}

/** Sentences by field; empty when nothing is wrong. */
export type Faults = Record<string, string>

export const MOST = { claim: 2000, facts: 4000, reasons: 2000, name: 40, address: 100 } as const
/** PET-23: in writing, close relatives and the like. */
export const MOST_AGENTS = 2
export const MOST_FILES = 9

const PHONE = /^(1\d{10}|0\d{2,3}-?\d{7,8})$/
const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const ID_CHECKS = '10X98765432'

/** Without the spaces and strokes that people write for reading. */
export const plainPhone = (typed: string) =>
  typed.replace(/[\s()（）]/g, '').replace(/^\+?86(?=1)/, '')

export const isPhone = (typed: string) => PHONE.test(plainPhone(typed))

/** GB 11643: 17 digits and a check digit that follows from them. */
export function isIdNumber(typed: string): boolean {
  const number = typed.trim().toUpperCase()
  if (!/^\d{17}[\dX]$/.test(number)) return false
  const sum = ID_WEIGHTS.reduce((total, weight, index) => total + weight * Number(number[index]), 0)
  return ID_CHECKS[sum % 11] === number[17]
}

function tooLong(text: string, most: number): string {
  return lengthOf(text) > most ? `最多 ${most} 个字，请删短一些。` : ''
}

const found = (faults: Faults): Faults =>
  Object.fromEntries(Object.entries(faults).filter(([, sentence]) => sentence))

/** Claim, facts and reasons (PET-02). */
export function matterFaults(matter: Matter): Faults {
  return found({
    topic: matter.topic ? '' : '请选一下是哪方面的事。',
    claim: matter.claim.trim()
      ? tooLong(matter.claim, MOST.claim)
      : '请写一句您的请求，想要怎么解决。',
    facts: matter.facts.trim()
      ? tooLong(matter.facts, MOST.facts)
      : '请写明事实：什么时间、什么地方、发生了什么。',
    reasons: tooLong(matter.reasons, MOST.reasons),
  })
}

function agentFaults(agent: Agent, index: number): Faults {
  const at = (name: string) => `agents.${index}.${name}`
  return {
    [at('name')]: agent.name.trim() ? tooLong(agent.name, MOST.name) : '请写代理人的姓名。',
    [at('phone')]:
      !agent.phone.trim() || isPhone(agent.phone) ? '' : '请写手机号，或带区号的座机；也可以不填。',
    [at('relation')]: agent.relation.trim() ? '' : '请写代理人和您的关系，例如儿子。',
  }
}

/** Name, address, phone; the ID number is never demanded (PET-02), only read over when it is given. */
export function petitionerFaults(person: Petitioner): Faults {
  const { name, phone, address, idNumber, agents } = person
  return found({
    name: name.trim() ? tooLong(name, MOST.name) : '请写您的姓名。',
    phone: isPhone(phone) ? '' : '请写手机号，或带区号的座机，好把办理情况告诉您。',
    address: address.trim() ? tooLong(address, MOST.address) : '请写您的住址，书面答复要送到这里。',
    id_number:
      !idNumber.trim() || isIdNumber(idNumber)
        ? ''
        : '身份证号的最后一位对不上，请核对；这一项也可以不填。',
    ...Object.assign({}, ...agents.map(agentFaults)),
    agents: agents.length > MOST_AGENTS ? `代理人最多 ${MOST_AGENTS} 位。` : '',
  })
}

/** What somebody puts right of their own; what is left empty stays as it is. */
export type PersonTyped = Omit<Petitioner, 'agents'>

export function correctionFaults(typed: PersonTyped): Faults {
  const faults = petitionerFaults({ ...typed, agents: [] })
  const given: Record<string, string> = { ...typed, id_number: typed.idNumber }
  return Object.fromEntries(Object.entries(faults).filter(([name]) => given[name]?.trim()))
}

/** What of it is sent: only what was filled in. */
export function changesOf({ name, phone, address, idNumber }: PersonTyped): Record<string, string> {
  const typed = { name, phone: plainPhone(phone), address, id_number: idNumber.toUpperCase() }
  const trimmed = Object.entries(typed).map(([field, value]) => [field, value.trim()] as const)
  return Object.fromEntries(trimmed.filter(([, value]) => value))
}

/** PET-18: at most five come for others. */
export const MOST_REPRESENTATIVES = 5

export interface VisitTyped {
  visit_on: string
  slot: string
  topic: string
  matter: string
  name: string
  phone: string
  representatives: string[]
}

export const MOST_MATTER = 500

export function visitFaults(visit: VisitTyped): Faults {
  const coming = visit.representatives.filter((name) => name.trim()).length
  return found({
    visit_on: visit.visit_on ? '' : '请选一天。',
    slot: visit.slot ? '' : '请选几点来。',
    topic: visit.topic ? '' : '请选一下是哪方面的事。',
    matter: tooLong(visit.matter, MOST_MATTER),
    name: visit.name.trim() ? tooLong(visit.name, MOST.name) : '请写您的姓名。',
    phone: isPhone(visit.phone) ? '' : '请写手机号，或带区号的座机，有变动好告诉您。',
    representatives:
      coming > MOST_REPRESENTATIVES
        ? `走访推选的代表不超过 ${MOST_REPRESENTATIVES} 人（《信访工作条例》第二十条）。`
        : '',
  })
}

/** The server's own names of fields, each with its first sentence; `agents.0.name` for what lies inside a list. */
export function saidOf(fields: Record<string, unknown>, before = ''): Faults {
  const said: Faults = {}
  for (const [name, value] of Object.entries(fields)) {
    if (Array.isArray(value)) said[before + name] = String(value[0] ?? '')
    else if (value && typeof value === 'object') {
      Object.assign(said, saidOf(value as Record<string, unknown>, `${before}${name}.`))
    } else said[before + name] = String(value)
  }
  return said
}

const RANDOM_BYTES = 32

/** A name for one anonymous sending that nobody can guess: made on this phone, known to nobody else. */
export async function newSending(fill: (bytes: number) => Promise<Uint8Array>): Promise<string> {
  const bytes = await fill(RANDOM_BYTES)
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
