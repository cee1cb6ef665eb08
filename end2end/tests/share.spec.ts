// Sharing: the browser captures another tab, chosen by its title.
import { SHARED_TITLE } from '../fixtures/browser.ts';
import { expectSees } from '../fixtures/expectations.ts';
import type { Person } from '../fixtures/people.ts';
import { tileStream } from '../fixtures/probe.ts';
import { expect, test } from '../fixtures/test.ts';

/** Opens the tab that will be shared; it changes all the time. */
async function openDocument(person: Person) {
  const page = await person.page.context().newPage();
  await page.setContent(`<!doctype html><title>${SHARED_TITLE}</title><h1>Figures</h1>
    <script>
      let n = 0;
      setInterval(() => { document.body.style.background = 'hsl(' + (n += 40) + ' 80% 50%)'; }, 100);
    </script>`);
  await person.page.bringToFront();
  return page;
}

test('a share is seen, and stops when its owner stops it', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, microphone: false });
  const ben = await people.join('Ben', { room, microphone: false });
  await openDocument(ann);
  await ann.meeting.control('Share screen').click();
  await expect(ann.meeting.control('Stop sharing')).toBeVisible();
  await expectSees(ben, 'Ann', 'screen');
  await expectSees(ben, 'Ann', 'camera');
  await ann.meeting.control('Stop sharing').click();
  await expect(ben.meeting.tile('Ann', 'screen')).toHaveCount(0);
  await expect(ann.meeting.control('Share screen')).toBeVisible();
  await expectSees(ben, 'Ann', 'camera');
});

test('a share takes the big stage with the others beside it', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, microphone: false });
  const ben = await people.join('Ben', { room, microphone: false });
  await openDocument(ann);
  await ann.meeting.control('Share screen').click();
  await expectSees(ben, 'Ann', 'screen');
  const area = async (source: 'camera' | 'screen') => {
    const box = await ben.meeting.tile('Ann', source).boundingBox();
    return (box?.width ?? 0) * (box?.height ?? 0);
  };
  expect(await area('screen')).toBeGreaterThan(3 * (await area('camera')));
  // tuned for detail: it arrives in its full size
  await expect
    .poll(async () => (await tileStream(ben.meeting.video('Ann', 'screen'))).width)
    .toBeGreaterThanOrEqual(1_000);
});

test('a share ends by itself when the browser ends the capture', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, microphone: false });
  const ben = await people.join('Ben', { room, microphone: false });
  const shared = await openDocument(ann);
  await ann.meeting.control('Share screen').click();
  await expectSees(ben, 'Ann', 'screen');
  await shared.close();
  await expect(ann.meeting.control('Share screen')).toBeVisible();
  await expect(ben.meeting.tile('Ann', 'screen')).toHaveCount(0);
  const again = await openDocument(ann);
  await ann.meeting.control('Share screen').click();
  await expectSees(ben, 'Ann', 'screen');
  await again.close();
});

test('a late joiner sees a share that is going on', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, microphone: false, camera: false });
  await openDocument(ann);
  await ann.meeting.control('Share screen').click();
  await expect(ann.meeting.control('Stop sharing')).toBeVisible();
  const ben = await people.join('Ben', { room, microphone: false, camera: false });
  await expectSees(ben, 'Ann', 'screen');
});

test('a share that is not granted changes nothing', async ({ people, room }) => {
  const ann = await people.arrive();
  await ann.page.addInitScript(() => {
    navigator.mediaDevices.getDisplayMedia = () =>
      Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));
  });
  await ann.enter('Ann', { room, microphone: false });
  await ann.meeting.control('Share screen').click();
  await expect(ann.meeting.control('Share screen')).toBeVisible();
  await expect(ann.meeting.tile('Ann', 'screen')).toHaveCount(0);
});
