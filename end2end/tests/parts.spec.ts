// The program comes in parts, and one may not arrive. Only release builds are
// split: `cargo xtask build --release`, and MEETFRAME_EXE names its server.
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';

/** The addresses of the program's parts that a page has asked for. */
function parts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const names = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname);
    return [...new Set(names.filter((name) => name.endsWith('.wasm')))];
  });
}

test('a part that does not load is asked for a few times, and then by a button', async ({ people, room, server }) => {
  test.skip(!server.executable.includes('release'), 'only release builds come in parts');
  test.setTimeout(90_000);
  const ann = await people.arrive();
  await ann.open(`/call/?roomId=${room}`);
  await expect.poll(async () => (await parts(ann.page)).length).toBeGreaterThan(1);
  const [main, ...later] = await parts(ann.page);
  const ben = await people.arrive();
  ben.watch.expect(/Failed to load resource|Failed to fetch|net::ERR_FAILED/);
  let asked = 0;
  await ben.page.route('**/*.wasm', async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === main) return route.continue();
    asked += 1;
    return route.abort();
  });
  await ben.open(`/call/?roomId=${room}`);
  await ben.prejoin.join('Ben', { camera: false, microphone: false });
  const words = ben.page.getByRole('alert').filter({ hasText: 'A part of this page could not be loaded' });
  await expect(words).toBeVisible({ timeout: 40_000 });
  const before = asked;
  expect(before).toBeGreaterThan(1);
  await ben.page.unroute('**/*.wasm');
  await ben.page.getByRole('button', { name: 'Try again' }).click();
  await expect(ben.meeting.toolbar).toBeVisible();
  expect(later.length).toBeGreaterThan(0);
});
