/** Random bytes that nobody can guess; what Math.random gives can be. */

/** @throws Error where the phone has no source of them: then nothing that rests on a secret is sent. */
export function randomBytes(count: number): Promise<Uint8Array> {
  // #ifdef H5
  return Promise.resolve(crypto.getRandomValues(new Uint8Array(count)))
  // #endif
  // #ifndef H5
  return new Promise((resolve, reject) => {
    const refuse = () => reject(new Error('这部手机的微信版本太旧，请更新微信后再试。'))
    if (!wx.getRandomValues) return refuse()
    wx.getRandomValues({
      length: count,
      success: (answer) => resolve(new Uint8Array(answer.randomValues)),
      fail: refuse,
    })
  })
  // #endif
}
