// The page that shows the bridge at work.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { BridgeHost } from '../fixtures/bridge-host.ts';
import { expectNoOverflow } from '../fixtures/expectations.ts';
import { MeetframeServer } from '../fixtures/server.ts';
import { expect, test } from '../fixtures/test.ts';

const method = (page: Page, name: string) => page.locator(`form[data-name="${name}"]`);

test('the demonstration has a control for each method, a log of events, and code to copy', async ({ people, room, server }) => {
  const ann = await people.arrive({ viewport: { width: 1280, height: 720 }, permissions: ['camera', 'microphone', 'clipboard-read', 'clipboard-write'] });
  const { page } = ann;
  await page.goto(`${server.origin}/demo?roomId=${room}&displayName=Ann&nameScreenDisabled=true`);
  const log = page.getByRole('log');
  await expect(log.getByRole('button', { name: /^readyToJoin/ })).toBeVisible();
  const names = await page.locator('form.method').evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.name));
  const { methods } = await page.evaluate(async () => {
    const module = await import(`${location.origin}/meetBridgeApi.mjs`);
    return { methods: module.methods as string[] };
  });
  expect(names.sort()).toEqual([...methods].sort());
  await method(page, 'join').getByRole('button').click();
  await expect(method(page, 'join').getByRole('status')).toHaveText('true');
  await expect(log.getByRole('button', { name: /^join/ })).toBeVisible();
  await people.join('Ben', { room });
  await expect(page.getByRole('status').filter({ hasText: 'joined, 2 on stage' })).toBeVisible();
  const shot = method(page, 'getScreenshotByPeerId');
  await shot.getByRole('combobox').selectOption({ label: 'Ben' });
  await shot.getByRole('button').click();
  await expect(shot.getByRole('img', { name: 'Screenshot' })).toBeVisible();
  await method(page, 'disableAllMics').getByRole('button').click();
  await expect(method(page, 'disableAllMics').getByRole('status')).toContainText('forbidden');
  await page.getByRole('searchbox').fill('volume');
  await expect(page.locator('form.method:visible')).toHaveCount(1);
  await method(page, 'setVolume').getByRole('button').click();
  const code = page.getByRole('tabpanel');
  await expect(code).toContainText('await bridge.setVolume(50)');
  await page.getByRole('tab', { name: 'Callback' }).click();
  await page.getByRole('button', { name: 'Copy' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("name: 'setVolume',\n  data: 50,");
  await log.getByRole('button', { name: /^newPeer/ }).click();
  await expect(code).toContainText("bridge.on('newPeer', (data) => {");
  const { violations } = await new AxeBuilder({ page }).exclude('#meetframe').analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});

test('the demonstration drives its frame also where a tenant lists other origins only', async ({ people, room }) => {
  const server = await MeetframeServer.start(undefined, {
    MEETFRAME__TENANTS: '[{hostname="*",embed_origins=["https://lms.example.org"]}]',
  });
  const { page } = await people.arrive();
  await page.goto(`${server.origin}/demo?roomId=${room}&displayName=Ann&nameScreenDisabled=true`);
  await expect(page.getByRole('log').getByRole('button', { name: /^readyToJoin/ })).toBeVisible();
  await method(page, 'join').getByRole('button').click();
  await expect(method(page, 'join').getByRole('status')).toHaveText('true');
  await page.goto('about:blank');
  await server.dispose();
});

test('the code of a whole page works on a page', async ({ people, room, server }) => {
  const ann = await people.arrive();
  await ann.page.goto(`${server.origin}/demo?roomId=${room}&displayName=Ann&nameScreenDisabled=true`);
  await ann.page.getByRole('tab', { name: 'Whole page' }).click();
  const code = (await ann.page.getByRole('tabpanel').innerText()).replaceAll('\u00a0', ' ');
  const other = await ann.page.context().newPage();
  const host = await BridgeHost.serve({ '/': `<!doctype html><title>Copy</title><link rel="icon" href="data:,">${code}` });
  await other.goto(`${host.origin}/`);
  await expect(other.frameLocator('#meetframe').getByRole('toolbar', { name: 'Meeting controls' })).toBeVisible();
  await host.close();
});

for (const [width, height] of [[1280, 720], [360, 740]] as const) {
  test(`the demonstration fits ${width} by ${height}`, async ({ people, room, server }) => {
    const ann = await people.arrive({ viewport: { width, height } });
    await ann.page.goto(`${server.origin}/demo?roomId=${room}`);
    await expect(ann.page.getByRole('log').getByRole('button', { name: /^ready / }).or(ann.page.getByRole('log').getByRole('button', { name: /^ready#/ }))).toBeVisible();
    await expectNoOverflow(ann);
  });
}
