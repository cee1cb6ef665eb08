// What moderators do with people and with the room, and what those see and
// hear of it.
import { chromium as launcher } from '@playwright/test';
import { expectNoViolation } from '../fixtures/axe.ts';
import { chromium, SHARED_TITLE } from '../fixtures/browser.ts';
import { joinAs } from '../fixtures/crowd.ts';
import { expectHears, expectNoOverflow, expectSees } from '../fixtures/expectations.ts';
import { moderator } from '../fixtures/moderator.ts';
import { address } from '../fixtures/people.ts';
import { expect, test } from '../fixtures/test.ts';

const OFF = { camera: false, microphone: false };

test('a moderator turns a microphone and a camera off [moderator.5]', async ({
  people,
  room,
  server,
}) => {
  const mo = await moderator(people, server, room);
  const ben = await people.join('Ben', { room });
  await expectSees(mo, 'Ben');
  await mo.moderation.to('Ben', 'Mute');
  await expect(ben.page.getByText('Mo turned your microphone off')).toBeVisible();
  await expect(ben.meeting.control('Turn microphone on')).toBeVisible();
  await mo.moderation.to('Ben', 'Turn camera off');
  await expect(ben.meeting.control('Turn camera on')).toBeVisible();
  await expect(mo.meeting.video('Ben')).toBeHidden();
  // it was not forbidden: both can be switched on again
  await ben.meeting.control('Turn microphone on').click();
  await expect(ben.meeting.control('Turn microphone off')).toBeVisible();
  await expectHears(mo);
});

test('what is forbidden to one says why, until it is allowed again [moderator.5]', async ({
  people,
  room,
  server,
}) => {
  const mo = await moderator(people, server, room);
  const ben = await people.join('Ben', { room, camera: false });
  await mo.moderation.to('Ben', 'Microphone allowed');
  const microphone = ben.meeting.control('The moderators do not allow microphones');
  await expect(microphone).toHaveAttribute('aria-disabled', 'true');
  await ben.page.keyboard.press('m');
  await expect(
    ben.page.getByRole('status').filter({ hasText: 'do not allow microphones' }),
  ).toBeVisible();
  await expect(microphone).toHaveAttribute('data-on', 'false');
  await mo.moderation.open();
  await mo.moderation.panel.getByRole('button', { name: 'Actions for Ben' }).click();
  await expect(mo.moderation.item('Microphone allowed')).not.toBeChecked();
  await mo.moderation.item('Microphone allowed').click();
  await ben.meeting.control('Turn microphone on').click();
  await expect(ben.meeting.control('Turn microphone off')).toBeVisible();
});

test('what is forbidden to all is forbidden to those who come later, not to moderators [moderator.5]', async ({
  people,
  room,
  server,
}) => {
  const mo = await moderator(people, server, room);
  const ben = await people.join('Ben', { room, microphone: false });
  await mo.moderation.turn('Allow cameras');
  await expect(ben.meeting.control('The moderators do not allow cameras')).toBeVisible();
  const cleo = await people.join('Cleo', { room, microphone: false });
  await expect(cleo.meeting.control('The moderators do not allow cameras')).toBeVisible();
  await mo.meeting.control('Turn camera on').click();
  await expectSees(ben, 'Mo');
  await mo.moderation.turn('Allow cameras');
  await ben.meeting.control('Turn camera on').click();
  await expectSees(mo, 'Ben');
});

test('a moderator mutes all and turns all cameras off [moderator.5]', async ({
  people,
  room,
  server,
}) => {
  const mo = await moderator(people, server, room);
  const ben = await people.join('Ben', { room });
  const cleo = await people.join('Cleo', { room });
  await mo.moderation.toAll('Mute all');
  await mo.moderation.toAll('Cameras off');
  for (const guest of [ben, cleo]) {
    await expect(guest.meeting.control('Turn microphone on')).toBeVisible();
    await expect(guest.meeting.control('Turn camera on')).toBeVisible();
  }
});

test('who is asked switches on by a click, or does not [moderator.6]', async ({
  people,
  room,
  server,
}) => {
  const mo = await moderator(people, server, room);
  const ben = await people.join('Ben', { room, ...OFF });
  const box = await ben.meeting.openChat();
  await box.fill('I am writing');
  await mo.moderation.to('Ben', 'Ask to unmute');
  const asked = ben.page.getByRole('group', { name: 'Mo asks you to turn on your microphone' });
  await expect(asked).toBeVisible();
  // nobody's microphone is opened by another, and nobody's typing is interrupted
  await expect(box).toBeFocused();
  await expect(ben.meeting.control('Turn microphone on')).toBeVisible();
  await asked.getByRole('button', { name: 'Not now' }).click();
  await expect(asked).toHaveCount(0);
  await expect(ben.meeting.control('Turn microphone on')).toBeVisible();
  await mo.moderation.to('Ben', 'Ask to turn camera on');
  await ben.page
    .getByRole('group', { name: 'Mo asks you to turn on your camera' })
    .getByRole('button', { name: 'Turn on' })
    .click();
  await expectSees(mo, 'Ben');
});

test('sharing is forbidden to all and allowed again [moderator.7]', async ({
  people,
  room,
  server,
}) => {
  const mo = await moderator(people, server, room);
  const ben = await people.join('Ben', { room, ...OFF });
  await mo.moderation.turn('Allow screen sharing');
  const share = ben.meeting.control('The moderators do not allow screen sharing');
  await expect(share).toHaveAttribute('aria-disabled', 'true');
  await share.click({ force: true });
  await expect(ben.meeting.tile('Ben', 'screen')).toHaveCount(0);
  await mo.moderation.turn('Allow screen sharing');
  await expect(ben.meeting.control('Share screen')).toBeVisible();
});

test('who is asked to share a screen shares it by a click, and a moderator ends it [moderator.8] [moderator.7]', async ({
  people,
  room,
  server,
}) => {
  const mo = await moderator(people, server, room);
  const ben = await people.join('Ben', { room, ...OFF });
  const shared = await ben.page.context().newPage();
  await shared.setContent(`<!doctype html><title>${SHARED_TITLE}</title><h1>Figures</h1>`);
  await ben.page.bringToFront();
  await mo.moderation.to('Ben', 'Ask to share a screen');
  const asked = ben.page.getByRole('group', { name: 'Mo asks you to share your screen' });
  await asked.getByRole('button', { name: 'Share' }).click();
  await expect(mo.meeting.tile('Ben', 'screen')).toBeVisible();
  await mo.moderation.to('Ben', 'Stop screen share');
  await expect(mo.meeting.tile('Ben', 'screen')).toHaveCount(0);
  await expect(ben.page.getByText('Mo stopped your screen share')).toBeVisible();
});

test('hands are raised, stand first in the order of time, and are lowered [attr.handEnabled] [moderator.9]', async ({
  people,
  room,
  server,
}) => {
  const mo = await moderator(people, server, room);
  const hands = { room, query: 'handEnabled=true', ...OFF };
  const ben = await people.join('Ben', hands);
  const cleo = await people.join('Cleo', hands);
  const without = await people.join('Dan', { room, ...OFF });
  await expect(without.meeting.control('Raise hand')).toHaveCount(0);
  await cleo.page.keyboard.press('r');
  await expect(cleo.meeting.control('Raise hand')).toHaveAttribute('aria-pressed', 'true');
  await expect(mo.page.getByText('Cleo raised a hand')).toBeVisible();
  await ben.meeting.control('Raise hand').click();
  await mo.moderation.open();
  await expect(mo.moderation.row('Ben').getByLabel('Hand raised, number 2')).toBeVisible();
  await expect(mo.moderation.rows).toHaveText([/Cleo/, /Ben/, /Mo/, /Dan/]);
  await mo.moderation.to('Cleo', 'Lower hand');
  await expect(cleo.meeting.control('Raise hand')).toHaveAttribute('aria-pressed', 'false');
  await expect(mo.moderation.row('Ben').getByLabel('Hand raised, number 1')).toBeVisible();
  // the row has moved, and the focus with it
  await expect(mo.moderation.rows).toHaveText([/Ben/, /Mo/, /Cleo/, /Dan/]);
  await expect(mo.moderation.panel.getByRole('button', { name: 'Actions for Cleo' })).toBeFocused();
  await ben.meeting.control('Raise hand').click();
  await expect(mo.moderation.rows).toHaveText([/Mo/, /Ben/, /Cleo/, /Dan/]);
  await ben.page.keyboard.press('r');
  await mo.moderation.toAll('Lower hands');
  await expect(ben.meeting.control('Raise hand')).toHaveAttribute('aria-pressed', 'false');
});

test('the hands of stage and viewers are one row of hands [moderator.9]', async ({
  people,
  room,
  server,
}) => {
  const mo = await moderator(people, server, room);
  const hands = 'handEnabled=true';
  const viewer = await people.arrive();
  await viewer.open(address({ room, path: 'webinar', query: `${hands}&displayName=Vic` }));
  await viewer.prejoin.joinButton.click();
  await viewer.meeting.control('Raise hand').click();
  await mo.moderation.open();
  const vic = mo.moderation.viewers.filter({ hasText: 'Vic' });
  await expect(vic.getByLabel('Hand raised, number 1')).toBeVisible();
  const ben = await people.join('Ben', { room, query: hands, ...OFF });
  await ben.page.keyboard.press('r');
  await expect(mo.moderation.row('Ben').getByLabel('Hand raised, number 2')).toBeVisible();
  await mo.moderation.to('Vic', 'Lower hand');
  await expect(mo.moderation.row('Ben').getByLabel('Hand raised, number 1')).toBeVisible();
  await expect(vic.getByLabel(/Hand raised/)).toHaveCount(0);
  await expect(vic.getByRole('button', { name: 'Actions for Vic' })).toBeFocused();
});

test('the menu of a person stays on the page when the window changes', async ({
  people,
  room,
  server,
}) => {
  const mo = await moderator(people, server, room, [], { viewport: { width: 1280, height: 720 } });
  await people.join('Ben', { room, ...OFF });
  await mo.moderation.open();
  await mo.moderation.panel.getByRole('button', { name: 'Actions for Ben' }).click();
  await expect(mo.moderation.item('Remove…')).toBeInViewport({ ratio: 1 });
  await mo.page.setViewportSize({ width: 480, height: 640 });
  await expect(mo.moderation.item('Remove…')).toBeInViewport({ ratio: 1 });
});

test('on a touch screen all that is pressed is as large as a fingertip', async ({
  people,
  room,
  server,
}) => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const mo = await moderator(people, server, room, ['--waiting-room', '--hand'], phone);
  const guests = [await people.arrive(), await people.arrive()];
  for (const guest of guests) {
    await guest.open(address({ room }));
    await guest.prejoin.join('Ben', OFF);
  }
  await mo.meeting.control('More').click();
  await mo.page.getByRole('menuitem', { name: /^People/ }).click();
  await mo.moderation.controls();
  await expect(mo.moderation.waiting.getByRole('listitem')).toHaveCount(2);
  const small = await mo.page.getByRole('button').or(mo.page.getByRole('switch')).evaluateAll((all) =>
    all
      .map((one) => ({ box: one.getBoundingClientRect(), name: one.ariaLabel ?? one.textContent }))
      .filter(({ box }) => box.width > 0 && (box.width < 43.5 || box.height < 43.5))
      .map(({ box, name }) => `${name} ${box.width}×${box.height}`),
  );
  expect(small).toEqual([]);
});

test('who is removed comes back only if a moderator lets them in [moderator.10]', async ({
  people,
  room,
  server,
}) => {
  const mo = await moderator(people, server, room);
  const ben = await people.join('Ben', { room, ...OFF, query: 'peerId=ben' });
  await mo.moderation.to('Ben', 'Remove…');
  await expect(mo.moderation.question).toHaveAccessibleName('Remove Ben?');
  await mo.moderation.question.getByRole('button', { name: 'Remove' }).click();
  await expect(ben.door.screen('You were removed from the meeting')).toBeFocused();
  await expect(mo.meeting.tile('Ben')).toHaveCount(0);
  await ben.door.tryAgain.click();
  await expect(ben.door.waiting).toBeVisible();
  await expect(mo.moderation.waiting).toContainText('Was removed before');
  await mo.moderation.waiting.getByRole('button', { name: 'Admit Ben' }).click();
  await expect(ben.meeting.toolbar).toBeVisible();
});

test('a moderator makes another one and takes it back', async ({ people, room, server }) => {
  const mo = await moderator(people, server, room);
  const ben = await people.join('Ben', { room, ...OFF });
  await ben.moderation.open();
  await expect(ben.moderation.panel.getByRole('button', { name: 'Moderation' })).toHaveCount(0);
  await mo.moderation.to('Ben', 'Make moderator');
  await expect(ben.page.getByText('You are a moderator now')).toBeVisible();
  await ben.moderation.turn(/^Lock the meeting/);
  const toggle = (await mo.moderation.controls()).getByRole('switch', { name: /^Lock/ });
  await expect(toggle).toBeChecked();
  await mo.moderation.to('Ben', 'Take moderation away');
  await expect(ben.moderation.panel.getByRole('button', { name: 'Moderation' })).toHaveCount(0);
});

test('nobody comes into a locked room until it is opened', async ({ people, room, server }) => {
  const mo = await moderator(people, server, room);
  await expect(await mo.moderation.turn(/^Lock the meeting/)).toBeChecked();
  const ben = await people.arrive();
  ben.watch.expect(/The server refused: RoomLocked/);
  await ben.open(address({ room }));
  await ben.prejoin.join('Ben', OFF);
  await expect(ben.door.screen('The room is locked')).toBeFocused();
  await expect(await mo.moderation.turn(/^Lock the meeting/)).not.toBeChecked();
  await ben.door.tryAgain.click();
  await expect(ben.meeting.toolbar).toBeVisible();
});

test('a moderator ends the meeting for all', async ({ people, room, server }) => {
  const mo = await moderator(people, server, room);
  const ben = await people.join('Ben', { room, ...OFF });
  await mo.moderation.toAll('End for all');
  await mo.moderation.question.getByRole('button', { name: 'End for all' }).click();
  for (const person of [mo, ben]) await expect(person.door.screen('The meeting is over')).toBeVisible();
});

test('who joins with an id that is in the room takes its seat [attr.peerId]', async ({
  people,
  room,
}) => {
  const first = await people.join('Ann', { room, ...OFF, query: 'peerId=ann' });
  const second = await people.join('Ann', { room, ...OFF, query: 'peerId=ann' });
  await expect(first.door.screen('Someone joined into the room with your ID')).toBeFocused();
  await first.page.getByRole('button', { name: 'Continue here' }).click();
  await expect(first.meeting.toolbar).toBeVisible();
  await expect(second.door.screen('Someone joined into the room with your ID')).toBeVisible();
});

test('three hundred people are listed, searched and scrolled at once', async ({
  people,
  room,
  server,
}) => {
  test.slow(); // three hundred sockets join first
  const mo = await moderator(people, server, room);
  const names = Array.from({ length: 300 }, (_, i) => `Guest-${i + 1}`);
  // a browser has no more than 255 sockets
  const other = await launcher.launch(chromium());
  const crowds = [await people.arrive(), await people.arrive({ browser: other })];
  for (const [i, crowd] of crowds.entries()) {
    await crowd.open('/');
    await joinAs(crowd.page, room, names.slice(i * 150, (i + 1) * 150));
  }
  await expect(mo.meeting.control('People')).toHaveAccessibleDescription('301 people');
  const opened = await mo.page.evaluate(async () => {
    const button = document.querySelector<HTMLElement>('[aria-keyshortcuts="p"]');
    const start = performance.now();
    button?.click();
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return { took: performance.now() - start, rows: document.querySelectorAll('.person').length };
  });
  test.info().annotations.push({ type: 'measured', description: JSON.stringify(opened) });
  console.log(opened);
  expect(opened.rows).toBeLessThan(60);
  await expect(mo.moderation.rows.first()).toHaveAttribute('aria-setsize', '301');
  // the last one is there when one scrolls to the end
  await mo.moderation.panel.locator('.people').evaluate((list) => list.scrollTo(0, list.scrollHeight));
  await expect(mo.moderation.rows.last()).toHaveAttribute('aria-posinset', '301');
  await expect(mo.moderation.rows.last()).toBeInViewport();
  // however long the list is, and wherever one is in it, few rows are drawn
  expect(await mo.moderation.rows.count()).toBeLessThan(60);
  await mo.moderation.search.fill('guest');
  await expect(mo.moderation.rows.first()).toHaveAttribute('aria-setsize', '300');
  expect(await mo.moderation.rows.count()).toBeLessThan(60);
  await mo.moderation.search.fill('GUEST-29');
  await expect(mo.moderation.rows).toHaveCount(11);
  await mo.moderation.search.fill('nobody');
  await expect(mo.moderation.panel.getByText('0 found')).toBeVisible();
  await other.close();
});

for (const [name, viewport] of [
  ['wide', { width: 1280, height: 720 }],
  ['a frame', { width: 480, height: 640 }],
  ['a phone', { width: 390, height: 844 }],
] as const) {
  test(`${name}: the panel fits, works by keyboard and has no violation`, async ({
    people,
    room,
    server,
  }) => {
    const mo = await moderator(people, server, room, ['--hand', '--can-record'], { viewport });
    await people.join('Ben', { room, ...OFF, query: 'handEnabled=true' });
    await expectNoOverflow(mo);
    await mo.page.keyboard.press('p');
    await mo.moderation.panel.waitFor();
    const actions = mo.moderation.panel.getByRole('button', { name: 'Actions for Ben' });
    await actions.focus();
    await mo.page.keyboard.press('Enter');
    await expect(mo.moderation.menu.getByRole('menuitem').first()).toBeFocused();
    await expectNoViolation(mo, 'the menu of a person');
    await expectNoOverflow(mo);
    await mo.page.keyboard.press('Escape');
    await expect(actions).toBeFocused();
    await mo.moderation.controls();
    await expectNoViolation(mo, 'the controls of the room');
    await expectNoOverflow(mo);
    await mo.moderation.toAll('End for all');
    await expectNoViolation(mo, 'the question');
    await mo.page.keyboard.press('Escape');
    await expect(mo.moderation.question).toBeHidden();
  });
}
