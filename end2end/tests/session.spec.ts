// What happens around a session: the screen stays awake, fills the display,
// and another session takes it over.
import { joinAs } from '../fixtures/crowd.ts';
import { expectSees } from '../fixtures/expectations.ts';
import { expect, test } from '../fixtures/test.ts';

test('the screen stays awake during a meeting, and not after it', async ({ people, room }) => {
  // what is not granted is denied
  const permissions = ['camera', 'microphone', 'screen-wake-lock'];
  const ann = await people.arrive({ permissions });
  await ann.page.addInitScript(() => {
    const { request } = WakeLock.prototype;
    const held = new Set<WakeLockSentinel>();
    Object.assign(window, { awake: () => held.size });
    WakeLock.prototype.request = async function (type) {
      const lock = await request.call(this, type);
      held.add(lock);
      lock.addEventListener('release', () => held.delete(lock));
      return lock;
    };
  });
  await ann.enter('Ann', { room, camera: false, microphone: false });
  const awake = (): Promise<number> =>
    ann.page.evaluate(() => (window as unknown as { awake: () => number }).awake());
  await expect.poll(awake).toBe(1);
  await ann.meeting.leave();
  await expect(ann.meeting.left).toBeVisible();
  await expect.poll(awake).toBe(0);
});

test('a meeting fills the screen and goes back', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, camera: false, microphone: false });
  const isFull = (): Promise<boolean> => ann.page.evaluate(() => document.fullscreenElement !== null);
  await ann.meeting.control('Full screen').click();
  await expect.poll(isFull).toBe(true);
  await ann.meeting.control(/full screen/i).click();
  await expect.poll(isFull).toBe(false);
});

test('who joins with the same id takes the seat, and the old page stays away [attr.peerId]', async ({
  people,
  room,
}) => {
  const id = 'ann-of-the-integrator';
  const query = `peerId=${id}`;
  const ann = await people.join('Ann', { room, query, camera: false, microphone: false });
  const ben = await people.join('Ben', { room, microphone: false });
  await expectSees(ann, 'Ben');
  await expect(ann.meeting.tile('Ann (you)')).toHaveAttribute('data-peer', id);
  const other = await (await people.arrive()).open('/');
  await joinAs(other.page, room, [id]);
  const words = 'Someone joined into the room with your ID';
  const heading = ann.page.getByRole('heading', { name: words });
  await expect(heading).toBeVisible();
  await expect(ben.meeting.tile('Ann')).toHaveCount(0);
  await expect(ben.meeting.tiles).toHaveCount(2);
  await expect(heading).toBeVisible();
  await ann.page.getByRole('button', { name: 'Continue here' }).click();
  await expectSees(ann, 'Ben');
});

test('the speaker view shows the others small beside who is pinned or speaks', async ({
  people,
  room,
}) => {
  const ann = await people.join('Ann', { room, camera: false, microphone: false });
  await people.join('Ben', { room, camera: false });
  await people.join('Cleo', { room, camera: false, microphone: false });
  await expect(ann.meeting.tiles).toHaveCount(3);
  await ann.meeting.control('Layout').click();
  await ann.page.getByRole('menuitemradio', { name: 'Speaker' }).click();
  const area = async (name: string): Promise<number> => {
    const box = await ann.meeting.tile(name).boundingBox();
    return (box?.width ?? 0) * (box?.height ?? 0);
  };
  await expect.poll(async () => (await area('Ben')) / (await area('Cleo'))).toBeGreaterThan(3);
});
