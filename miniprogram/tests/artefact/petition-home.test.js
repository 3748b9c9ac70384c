const { always } = require('./harness/answers')
const { openPage } = require('./harness/miniprogram')
const { guide } = require('./harness/petitions')
const { until } = require('./harness/wait')
const { fakePhone } = require('./harness/wx')

test('the guide (PET-20): steps, office, the entrances, and who is above; shared words give nothing away', async () => {
  const { wx, log } = fakePhone({ ...always, 'GET /public/petitions/guide': guide })
  const page = openPage('pages-petition/home/index', wx)
  await page.appears('guide-steps')
  expect(page.textOf('guide-steps')).toContain('提交以后马上登记')
  expect(page.textOf('guide-office')).toContain('示例路1号')
  expect(page.has('petition-sealed')).toBe(false) // nobody in this town could open one
  for (const [handle, name] of [
    ['petition-mine', 'mine'],
    ['petition-progress', 'progress'],
    ['petition-anonymous', 'anonymous'],
    ['petition-file', 'file'],
  ]) {
    page.tap(handle)
    const url = `/pages-petition/${name}/index`
    await until(url, () => log.opened.some(([, to]) => to === url))
  }
  page.tap('petition-pressure')
  await page.appears('above-contact')
  expect(page.textOf('above-contact')).toContain('示例市信访局')
  const card = page.component.instance.onShareAppMessage()
  expect(card.title).not.toMatch(/信访|举报|检举|匿名/)
})
