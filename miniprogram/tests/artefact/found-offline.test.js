const { receipt } = require('./harness/answers')
const { openPage } = require('./harness/miniprogram')
const { eventually, until } = require('./harness/wait')
const { catalogue, workerPhone } = require('./harness/worker')

test('found without a network: kept with its photos, sent once when the network is back; a lost answer is asked again', async () => {
  let answers = 0
  const { wx, log, sent, storage, network } = workerPhone(
    {
      'POST /staff/reports': () => {
        answers += 1
        // it arrives, and the answer is lost on the way
        return answers === 1
          ? { offline: true }
          : { statusCode: 201, data: { ...receipt, similar: [] } }
      },
    },
    { 'town.code': 'demo', 'town.categories': { town: 'demo', items: catalogue.items } },
  )
  network(false)
  const page = openPage('pages-work/found/index', wx)
  await page.shows('已定位') // its village is named later, by the server
  await page.shows('垃圾乱倒') // the catalogue is kept on the phone
  page.tap('photo-add')
  await page.appears('photo-waiting')
  page.tap('found-tile')
  page.tap('found-send')
  await eventually(() => expect(log.toasts).toContain('没有网络，已存在手机里，有网自动发送'))
  expect(page.has('photo-waiting')).toBe(false) // the form is empty for the next one
  const [kept] = storage['outbox.queue']
  expect(kept).toMatchObject({ state: 'waiting', tried: false, label: '巡查上报 · 垃圾乱倒' })
  expect(storage[kept.photos[0].storageKey]).toHaveLength(1)
  expect(sent('POST /staff/reports')).toHaveLength(0)

  network(true)
  await until('the first sending', () => sent('POST /staff/reports').length >= 1)

  network(true)
  await eventually(() => expect(storage['outbox.queue']).toEqual([]))
  const [first, second, ...more] = sent('POST /staff/reports')
  expect(more).toEqual([])
  expect(second.header['Idempotency-Key']).toBe(first.header['Idempotency-Key'])
  expect(second.header['Idempotency-Key']).toBe(kept.key)
  expect(JSON.stringify(second.body)).toBe(JSON.stringify(first.body))
  expect(first.body).toMatchObject({ media_ids: ['m1'], category_code: '0201' })
  expect(log.uploads).toHaveLength(1)
  expect(storage[kept.photos[0].storageKey]).toBeUndefined()

  network(true)
  expect(sent('POST /staff/reports')).toHaveLength(2)
})
