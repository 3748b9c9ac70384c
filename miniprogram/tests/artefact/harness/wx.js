/** `wx.*` as a phone offers it: storage and surroundings here; network, login and pop-up from the test or over HTTP. */

/** What a test may look at afterwards. */
function recorder() {
  return { requests: [], uploads: [], popups: [], opened: [], toasts: [], calls: [], copied: [] }
}

function surroundings(log, storage) {
  const open = (how) => (options) => {
    log.opened.push([how, options.url])
    options.success?.({ errMsg: `${how}:ok` })
    options.complete?.({})
  }
  return {
    getStorageSync: (key) => storage[key] ?? '',
    setStorageSync: (key, value) => {
      storage[key] = JSON.parse(JSON.stringify(value))
    },
    removeStorageSync: (key) => Reflect.deleteProperty(storage, key),
    getAppBaseInfo: () => ({ fontSizeScaleFactor: 1 }),
    onNetworkStatusChange: () => undefined,
    onNeedPrivacyAuthorization: () => undefined,
    stopPullDownRefresh: () => undefined,
    navigateTo: open('navigateTo'),
    redirectTo: open('redirectTo'),
    switchTab: open('switchTab'),
    reLaunch: open('reLaunch'),
    showToast: (options) => log.toasts.push(options.title),
    makePhoneCall: (options) => log.calls.push(options.phoneNumber),
    setClipboardData: (options) => {
      log.copied.push(options.data)
      options.success?.({})
    },
    chooseMedia: (options) =>
      options.success({ tempFiles: [{ tempFilePath: 'wxfile://tmp_1.jpg', size: 2048 }] }),
    chooseLocation: (options) =>
      options.success({ name: '村口', address: '村口路1号', longitude: 117.2, latitude: 35.04 }),
    getLocation: (options) => options.success({ longitude: 117.2, latitude: 35.04 }),
    openLocation: (options) => log.opened.push(['openLocation', options.name]),
    getFileSystemManager: () => ({
      saveFile: (options) => options.success({ savedFilePath: 'wxfile://store_1.jpg' }),
      removeSavedFile: () => undefined,
    }),
  }
}

/**
 * A phone whose server is a table: `routes` maps `GET /public/home` to an answer or a function of the request.
 * What is not in the table is answered 404, and the test sees it in `log.requests`.
 */
function fakePhone(routes, storage = {}, overrides = {}) {
  const log = recorder()
  const answer = (options) => {
    const url = new URL(options.url)
    const path = url.pathname.replace('/api/v1', '')
    const request = {
      name: `${options.method} ${path}`,
      query: Object.fromEntries(url.searchParams),
      body: options.data,
      header: options.header,
    }
    log.requests.push(request)
    const entry = routes[request.name]
    const value = typeof entry === 'function' ? entry(request) : entry
    if (value === undefined)
      return { statusCode: 404, data: { code: 'not_found', message: '没有找到。' } }
    if (value.offline) return value
    return value.statusCode ? value : { statusCode: 200, data: value }
  }
  const wx = {
    ...surroundings(log, storage),
    request: (options) => {
      const result = answer(options)
      setTimeout(
        () => (result.offline ? options.fail({ errMsg: 'request:fail' }) : options.success(result)),
        1,
      )
      return { abort: () => undefined }
    },
    uploadFile: (options) => {
      log.uploads.push({ url: options.url, filePath: options.filePath, name: options.name })
      setTimeout(() => options.success({ statusCode: 200, data: '{"ok":true}' }), 1)
      return { onProgressUpdate: () => undefined, abort: () => undefined }
    },
    login: (options) => options.success({ code: 'code-1' }),
    requestSubscribeMessage: (options) => {
      log.popups.push(options.tmplIds)
      options.success(Object.fromEntries(options.tmplIds.map((id) => [id, 'accept'])))
    },
    ...overrides,
  }
  return { wx, log, storage }
}

module.exports = { fakePhone, recorder, surroundings }
