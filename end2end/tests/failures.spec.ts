// Devices that cannot be had: each cause has its own words, and one may join
// with neither.
import { chromium, chromiumWithoutDevices, withBrowser, withName } from '../fixtures/browser.ts';
import { expectSees } from '../fixtures/expectations.ts';
import type { Person } from '../fixtures/people.ts';
import { expect, test } from '../fixtures/test.ts';

test('denied by the participant', async ({ people, room }) => {
  const ann = await (await people.arrive({ permissions: [] })).open(`/call/?roomId=${room}`);
  await expectMessage(ann, 'Camera and microphone are not allowed');
  await expectJoinsAnyway(ann);
});

test('no device at all', async ({ people, room }) => {
  await withBrowser(chromiumWithoutDevices(), async (browser) => {
    const ann = await (await people.arrive({ browser })).open(`/call/?roomId=${room}`);
    await expectMessage(ann, 'No camera and no microphone found');
    await expectJoinsAnyway(ann);
    await ann.vanish();
  });
});

test('a microphone but no camera', async ({ people, room }) => {
  await withBrowser(chromium({ cameras: 0 }), async (browser) => {
    const ann = await (await people.arrive({ browser })).open(`/call/?roomId=${room}`);
    await expectMessage(ann, 'No camera found');
    await expect(ann.prejoin.microphone).toHaveAccessibleName('Turn microphone off');
    await ann.vanish();
  });
});

test('in use by another program', async ({ people, room }) => {
  const ann = await people.arrive();
  await ann.page.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException('Could not start video source', 'NotReadableError'));
  });
  await ann.open(`/call/?roomId=${room}`);
  await expectMessage(ann, 'Camera and microphone are busy');
  await expectJoinsAnyway(ann);
});

test('an address without HTTPS', async ({ people, room, server }) => {
  await withBrowser(withName(chromium()), async (browser) => {
    const origin = `http://meet.test:${server.port}`;
    const ann = await (
      await people.arrive({ browser, origin, permissions: [] })
    ).open(`/call/?roomId=${room}`);
    await expectMessage(ann, /served over HTTPS/);
    await expectJoinsAnyway(ann);
    await ann.vanish();
  });
});

test('without any device one sees the others', async ({ people, room }) => {
  await people.join('Ann', { room });
  const ben = await (await people.arrive({ permissions: [] })).open(`/call/?roomId=${room}`);
  await ben.prejoin.name.fill('Ben');
  await ben.prejoin.joinButton.click();
  await expectSees(ben, 'Ann');
});

async function expectMessage(person: Person, words: string | RegExp): Promise<void> {
  await expect(person.page.getByText(words).first()).toBeVisible();
}

async function expectJoinsAnyway(person: Person): Promise<void> {
  await person.prejoin.name.fill('Ann');
  await person.prejoin.joinButton.click();
  await expect(person.meeting.tile('Ann (you)')).toBeVisible();
  await expect(person.meeting.tile('Ann (you)')).toHaveAttribute('data-camera', 'off');
}
