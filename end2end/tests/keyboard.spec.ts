// Everything is done without a mouse.
import type { Locator } from '@playwright/test';
import type { Person } from '../fixtures/people.ts';
import { expect, test } from '../fixtures/test.ts';

const TABS_AT_MOST = 40;

/** Presses Tab until the element has the focus. */
async function tabTo(person: Person, target: Locator): Promise<void> {
  for (let presses = 0; presses < TABS_AT_MOST; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await person.page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${String(target)}`);
}

/** Walks a toolbar with the arrow keys, as the toolbar pattern of ARIA wants. */
async function arrowTo(person: Person, target: Locator): Promise<void> {
  for (let presses = 0; presses < TABS_AT_MOST; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await person.page.keyboard.press('ArrowRight');
  }
  throw new Error(`the arrow keys do not reach ${String(target)}`);
}

test('from a new room through a meeting to the end, with the keyboard alone', async ({
  people,
}) => {
  const ann = await (await people.arrive()).open('/');
  const { keyboard } = ann.page;
  await tabTo(ann, ann.home.newConference);
  await keyboard.press('Enter');
  await expect(ann.home.link).toBeVisible();
  await tabTo(ann, ann.home.enter);
  await keyboard.press('Enter');
  await expect(ann.prejoin.preview).toBeVisible();
  await tabTo(ann, ann.prejoin.name);
  await keyboard.type('Ann');
  await tabTo(ann, ann.prejoin.microphone);
  await keyboard.press('Space');
  await expect(ann.prejoin.microphone).toHaveAccessibleName('Turn microphone on');
  await tabTo(ann, ann.prejoin.joinButton);
  await keyboard.press('Enter');
  await expect(ann.meeting.tile('Ann (you)')).toBeVisible();

  await tabTo(ann, ann.meeting.toolbar.locator('button[tabindex="0"], button:not([tabindex])').first());
  await arrowTo(ann, ann.meeting.control('Chat'));
  await keyboard.press('Enter');
  const box = ann.meeting.chat.getByRole('textbox', { name: 'Message' });
  await expect(box).toBeFocused();
  await keyboard.type('typed');
  await keyboard.press('Enter');
  await expect(ann.meeting.chat.getByText('typed')).toBeVisible();
  await keyboard.press('Escape');
  await expect(ann.meeting.chat).toBeHidden();
  await expect(ann.meeting.control('Chat')).toBeFocused();

  await arrowTo(ann, ann.meeting.control('Leave'));
  await keyboard.press('Enter');
  await expect(ann.meeting.left).toBeVisible();
  await tabTo(ann, ann.meeting.rejoin);
  await keyboard.press('Enter');
  await expect(ann.meeting.tile('Ann (you)')).toBeVisible();
});

test('the name field joins with Enter', async ({ people, room }) => {
  const ann = await (await people.arrive()).open(`/call/?roomId=${room}`);
  await ann.prejoin.name.fill('Ann');
  await ann.prejoin.name.press('Enter');
  await expect(ann.meeting.tile('Ann (you)')).toBeVisible();
});

test('the help dialog lists shortcuts, and they work', async ({ people, room }) => {
  const ann = await people.join('Ann', { room });
  const { keyboard } = ann.page;
  await keyboard.press('?');
  await expect(ann.meeting.help).toBeVisible();
  await expect(ann.page.getByText('Microphone on or off')).toBeVisible();
  await keyboard.press('Escape');
  await expect(ann.page.getByText('Microphone on or off')).toHaveCount(0);
  await keyboard.press('m');
  await expect(ann.meeting.control('Turn microphone on')).toBeVisible();
  await keyboard.press('m');
  await expect(ann.meeting.control('Turn microphone off')).toBeVisible();
  await keyboard.press('v');
  await expect(ann.meeting.control('Turn camera on')).toBeVisible();
  await keyboard.press('c');
  await expect(ann.meeting.chat).toBeVisible();
});

test('shortcuts do not act while one writes', async ({ people, room }) => {
  const ann = await people.join('Ann', { room });
  const box = await ann.meeting.openChat();
  await box.pressSequentially('mmvc?');
  await expect(box).toHaveValue('mmvc?');
  await expect(ann.meeting.control('Turn microphone off')).toBeVisible();
  await expect(ann.meeting.help).toBeHidden();
});

test('a dialog keeps the focus and gives it back', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, microphone: false });
  const button = ann.meeting.control('Settings');
  await button.click();
  await expect(ann.meeting.settings).toBeVisible();
  for (let presses = 0; presses < 12; presses += 1) {
    await ann.page.keyboard.press('Tab');
    const outside = await ann.page.evaluate(() => {
      const focused = document.activeElement;
      return focused !== document.body && !focused?.closest('[role=dialog], dialog');
    });
    expect(outside).toBe(false);
  }
  await ann.page.keyboard.press('Escape');
  await expect(button).toBeFocused();
});

test('coming and going is announced', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, camera: false, microphone: false });
  const ben = await people.join('Ben', { room, camera: false, microphone: false });
  const announcements = ann.page.locator('[aria-live], [role=status], [role=log]');
  await expect(announcements.filter({ hasText: /Ben.*joined/ }).first()).toBeAttached();
  await ben.meeting.leave();
  await expect(announcements.filter({ hasText: /Ben.*left/ }).first()).toBeAttached();
});
