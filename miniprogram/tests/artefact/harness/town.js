/**
 * The town's server with its stand-in WeChat platform, started for a test in a folder of its own; or the one that
 * TOWN_ORIGIN (and TOWN_DATA, its data folder) names.
 */
const { spawn } = require('node:child_process')
const fs = require('node:fs')
const http = require('node:http')
const os = require('node:os')
const path = require('node:path')
const { until } = require('./wait')

const ROOT = path.resolve(__dirname, '../../../..')
const START_MS = 240_000

/** One request; the answer's body is parsed when it is JSON. */
function ask(method, url, { body, headers = {} } = {}) {
  const data =
    body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body))
  const all = {
    ...(data && !headers['content-type'] ? { 'content-type': 'application/json' } : {}),
    ...headers,
  }
  return new Promise((resolve, reject) => {
    const request = http.request(url, {
      method,
      headers: { ...all, 'content-length': data?.length ?? 0 },
    })
    request.on('error', reject)
    request.on('response', (response) => {
      const parts = []
      response.on('data', (part) => parts.push(part))
      response.on('end', () => {
        const text = Buffer.concat(parts).toString()
        const json = /json/.test(response.headers['content-type'] ?? '') && text
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: json ? JSON.parse(text) : text,
        })
      })
    })
    request.end(data)
  })
}

/** @returns {Promise<{origin: string, platform: string, data: string, stop: () => Promise<void>}>} */
async function startTown() {
  const { TOWN_ORIGIN, TOWN_PLATFORM, TOWN_DATA } = process.env
  if (TOWN_ORIGIN) {
    const stop = async () => undefined
    return { origin: TOWN_ORIGIN, platform: TOWN_PLATFORM, data: TOWN_DATA, stop }
  }
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'town-artefact-'))
  const python = path.join(ROOT, '.venv/bin/python')
  if (!fs.existsSync(python))
    throw new Error('No .venv in the repository: run script/bootstrap first.')
  const child = spawn(python, [path.join(__dirname, 'run_town.py'), data], { cwd: ROOT })
  let said = ''
  let ready = ''
  child.stderr.on('data', (part) => (said += part))
  child.stdout.on('data', (part) => (ready += part))
  const stop = () =>
    new Promise((resolve) => {
      child.once('exit', () => {
        fs.rmSync(data, { recursive: true, force: true })
        resolve()
      })
      child.stdin.end()
    })
  const up = () => {
    if (child.exitCode !== null) throw new Error(`The town did not come up: ${said.slice(-3000)}`)
    return ready.includes('\n')
  }
  await until('the town', up, { ms: START_MS, every: 100, seen: () => said })
  return { ...JSON.parse(ready), data, stop }
}

/** A staff member's desk: asks the API with the session of that account of the demonstration. */
async function desk(town, username) {
  const { accounts, others } = JSON.parse(
    fs.readFileSync(path.join(town.data, 'demo-accounts.json'), 'utf8'),
  )
  const { password } = [...accounts, ...others].find((account) => account.username === username)
  const base = `${town.origin}/api/v1/staff`
  const write = { 'x-requested-with': 'console' }
  const session = await ask('POST', `${base}/session`, {
    body: { username, password },
    headers: write,
  })
  const cookie = session.headers['set-cookie'].map((one) => one.split(';')[0]).join('; ')
  return async (method, where, body) => {
    const answer = await ask(method, base + where, { body, headers: { ...write, cookie } })
    if (answer.status >= 400) throw new Error(`${method} ${where}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
}

/** The mini-program's secret at the stand-in, for calling the platform as a second sender would. */
function miniSecret(town) {
  const settings = fs.readFileSync(path.join(town.data, 'settings.env'), 'utf8')
  return /^WECHAT_MINI_SECRET=(.*)$/m.exec(settings)[1].replace(/^["']|["']$/g, '')
}

module.exports = { ask, desk, miniSecret, startTown }
