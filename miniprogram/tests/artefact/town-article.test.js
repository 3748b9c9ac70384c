const { always } = require('./harness/answers')
const { openPage } = require('./harness/miniprogram')
const { eventually } = require('./harness/wait')
const { fakePhone } = require('./harness/wx')

const photo = { url: '/files/p.jpg', thumb_url: '/files/t.jpg', width: 4, height: 3 }
const article = {
  id: '5',
  code: 'G7MXY42XF5DS',
  series: 'policy',
  series_label: '政策明白纸',
  title: '补贴怎么领',
  summary: '一张纸说明白',
  cover: photo,
  published_at: '2026-11-22T01:00:00Z',
  published_on: '2026-11-22',
  has_audio: true,
  link: 'https://mp.weixin.qq.com/s/abc',
  html: '<h2>谁能领</h2><p>种粮的人。</p>',
  photos: [],
  audio: { url: '/files/a.mp3', seconds: 65, size: 9, type: 'audio/mpeg' },
  villages: [],
  state: 'published',
  withdrawn: null,
  notes: [],
  share_url: '/s/article/5',
}

/** WeChat's player as far as the page uses it. */
function player(played) {
  const heard = {}
  const on = (name) => (listener) => (heard[name] = listener)
  return {
    ...{ onPlay: on('play'), onPause: on('pause'), onStop: on('stop'), onEnded: on('ended') },
    ...{ onTimeUpdate: on('time'), onCanplay: on('can'), onError: on('error') },
    ...{ seek: () => undefined, destroy: () => played.push('destroy') },
    play() {
      played.push(this.src)
      heard.play()
    },
    pause: () => heard.pause(),
  }
}

test('an article is dressed, heard from the town’s server, passed on with its picture; WeChat opens the original', async () => {
  const played = []
  const opened = []
  const { wx } = fakePhone(
    { ...always, 'GET /public/articles/5': article },
    {},
    {
      createInnerAudioContext: () => player(played),
      openOfficialAccountArticle: ({ url }) => opened.push(url),
    },
  )
  const page = openPage('pages-town/article/index', wx, { id: '5' })
  await page.shows('补贴怎么领')
  expect(page.textOf('audio-time')).toContain('0:00 / 1:05')
  expect(played).toEqual([]) // a page that is only read fetches no sound
  page.tap('audio-play')
  await page.appears('audio-pause')
  expect(played).toEqual(['http://127.0.0.1:8000/files/a.mp3'])
  page.tap('article-link')
  await eventually(() => expect(opened).toEqual([article.link]))
  expect(page.component.instance.onShareAppMessage()).toEqual({
    title: '补贴怎么领',
    path: '/pages-town/article/index?id=5',
    imageUrl: 'http://127.0.0.1:8000/files/t.jpg',
  })
})
