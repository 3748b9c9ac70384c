/** A phone whose `wx.*` speaks HTTP: requests to the town's server, login and pop-up to the stand-in platform. */
const fs = require('node:fs')
const path = require('node:path')
const { ask } = require('./town')
const { recorder, surroundings } = require('./wx')

const PICTURE = path.resolve(__dirname, '../../../src/static/share.png')

/** The origin is fixed when the mini-program is built; the test's server stands elsewhere. */
const moved = (town, url) => url.replace(/^https?:\/\/[^/]+/, town.origin)

function multipart(fields, name, file) {
  const line = '----artefact'
  const parts = Object.entries(fields ?? {}).map(
    ([key, value]) =>
      `--${line}\r\ncontent-disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`,
  )
  const head = `--${line}\r\ncontent-disposition: form-data; name="${name}"; filename="photo.png"\r\ncontent-type: image/png\r\n\r\n`
  const body = Buffer.concat([
    Buffer.from(parts.join('') + head),
    file,
    Buffer.from(`\r\n--${line}--\r\n`),
  ])
  return { body, headers: { 'content-type': `multipart/form-data; boundary=${line}` } }
}

/** @param {string} person who holds the phone, by the stand-in's name for them */
function livePhone(town, person, storage = {}) {
  const log = recorder()
  const platform = (method, where, body) =>
    ask(method, `${town.origin}/sandbox/api${where}`, { body })
  const finish = (options, promise, success) =>
    promise.then(success).catch((error) => options.fail?.({ errMsg: `fail ${error.message}` }))

  const wx = {
    ...surroundings(log, storage),
    chooseMedia: (options) =>
      options.success({
        tempFiles: [{ tempFilePath: 'wxfile://photo.png', size: fs.statSync(PICTURE).size }],
      }),
    getFileSystemManager: () => ({
      saveFile: (options) => options.success({ savedFilePath: 'wxfile://kept.png' }),
      removeSavedFile: () => undefined,
    }),
    request: (options) => {
      const headers = Object.fromEntries(Object.entries(options.header ?? {}))
      const call = ask(options.method, moved(town, options.url), { body: options.data, headers })
      finish(options, call, (answer) => {
        log.requests.push({
          name: `${options.method} ${new URL(options.url).pathname}`,
          status: answer.status,
        })
        options.success({ statusCode: answer.status, data: answer.body })
      })
      return { abort: () => undefined }
    },
    uploadFile: (options) => {
      const form = multipart(options.formData, options.name, fs.readFileSync(PICTURE))
      const call = ask('POST', moved(town, options.url), {
        body: form.body,
        headers: { ...(options.header ?? {}), ...form.headers },
      })
      finish(options, call, (answer) => {
        log.uploads.push(answer.status)
        options.success({ statusCode: answer.status, data: JSON.stringify(answer.body) })
      })
      return { onProgressUpdate: () => undefined, abort: () => undefined }
    },
    login: (options) =>
      finish(options, platform('GET', `/mini-code?person=${person}`), (answer) =>
        options.success({ code: answer.body.code, errMsg: 'login:ok' }),
      ),
    requestSubscribeMessage: (options) => {
      log.popups.push(options.tmplIds)
      const call = platform('POST', '/popup', {
        person,
        tmplIds: options.tmplIds,
        answer: 'accept',
      })
      finish(options, call, ({ body }) =>
        body.errCode ? options.fail?.(body) : options.success?.(body),
      )
    },
  }
  return { wx, log, storage, platform }
}

module.exports = { livePhone }
