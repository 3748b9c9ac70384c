/** One page per file: a component that an earlier page has loaded renders empty on the second. */
module.exports = {
  testEnvironment: 'jsdom',
  testMatch: ['<rootDir>/*.test.js'],
  testTimeout: 30_000,
}
