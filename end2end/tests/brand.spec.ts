// A tenant's name, sign and colour on every page, readable in light and dark.
import AxeBuilder from '@axe-core/playwright';
import { address, People } from '../fixtures/people.ts';
import { MeetframeServer } from '../fixtures/server.ts';
import { expect, test } from '../fixtures/test.ts';

const PLACE = { listen: '127.0.0.1', announce: '127.0.0.1' };

/** A colour that can be read neither on white nor in white. */
const YELLOW = '#ffd60a';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`${colorScheme}: name, sign and colour of a tenant`, async ({ browser, room }) => {
    const server = await MeetframeServer.start(PLACE, {
      MEETFRAME__TENANTS: `[{hostname="*",brand={name="Acme Live",logo="/favicon.svg",accent="${YELLOW}"}}]`,
    });
    const people = new People(browser, server.origin);
    const ann = await people.arrive({ colorScheme });
    for (const path of ['/', '/new', address({ room }), '/nowhere', address({ room, path: 'webinar' })]) {
      ann.watch.expect(/status of 404/);
      await ann.open(path);
      await expect(ann.page.locator('img.logo').first()).toHaveAttribute('src', '/favicon.svg');
      const { violations } = await new AxeBuilder({ page: ann.page }).analyze();
      expect(violations.map(({ id, nodes }) => `${path} ${id} ${nodes[0]?.html}`)).toEqual([]);
    }
    await ann.open('/');
    await expect(ann.page).toHaveTitle('Acme Live');
    await expect(ann.page.getByRole('heading', { level: 1 })).toHaveText('Acme Live');
    await ann.enter('Ann', { room, camera: false, microphone: false });
    await expect(ann.page).toHaveTitle(`${room} · Acme Live`);
    await expect(ann.page.locator('html')).toHaveAttribute('style', /--accent:light-dark\(#/);
    const problems = people.problems;
    await people.dispose();
    await server.dispose();
    expect(problems).toEqual([]);
  });
}
