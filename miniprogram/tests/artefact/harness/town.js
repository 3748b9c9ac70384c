/**
 * The town's server with its stand-in WeChat platform, started for a test in a folder of its own; or the one that
 * TOWN_ORIGIN (and TOWN_DATA, its data folder) names.
 */
const { spawn } = require('node:child_process')
const fs = require('node:fs')
const http = require('node:http')
const net = require('node:net')
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

function free(port) {
  return new Promise((resolve) => {
    const server = net.createServer()
    server.on('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

async function twoFreePorts() {
  for (let port = 18100; port < 18900; port += 2) {
    if ((await free(port)) && (await free(port + 1))) return port
  }
  throw new Error('No two free ports next to each other.')
}

/** @returns {Promise<{origin: string, platform: string, data: string, stop: () => Promise<void>}>} */
async function startTown() {
  const { TOWN_ORIGIN, TOWN_PLATFORM, TOWN_DATA } = process.env
  if (TOWN_ORIGIN) {
    return {
      origin: TOWN_ORIGIN,
      platform: TOWN_PLATFORM,
      data: TOWN_DATA,
      stop: async () => undefined,
    }
  }
  const port = await twoFreePorts()
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'town-artefact-'))
  const log = path.join(data, 'server.log')
  const output = fs.openSync(log, 'w')
  const python = path.join(ROOT, '.venv/bin/python')
  const child = spawn(fs.existsSync(python) ? python : 'python3', ['script/server'], {
    cwd: ROOT,
    env: { ...process.env, PORT: String(port), DATA_DIR: data, DATABASE_URL: '' },
    stdio: ['ignore', output, output],
  })
  const origin = `http://127.0.0.1:${port}`
  const said = () => fs.readFileSync(log, 'utf8').slice(-1500)
  const up = async () => {
    if (child.exitCode !== null) throw new Error(`script/server stopped: ${said()}`)
    return (await ask('GET', `${origin}/healthz`).catch(() => null))?.status === 200
  }
  await until('the server', up, { ms: START_MS, every: 300, seen: said })
  const stop = () =>
    new Promise((resolve) => {
      child.once('exit', () => {
        fs.rmSync(data, { recursive: true, force: true })
        resolve()
      })
      child.kill('SIGTERM')
    })
  return { origin, platform: `http://127.0.0.1:${port + 1}`, data, stop }
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
