// What attributes in the address of a room make of its page.
import type { Page } from '@playwright/test';
import { expectNoViolation } from '../fixtures/axe.ts';
import { joinAs } from '../fixtures/crowd.ts';
import { expectHears } from '../fixtures/expectations.ts';
import { ALLOW, HostPage } from '../fixtures/host-page.ts';
import { address, type Person } from '../fixtures/people.ts';
import { servePlayer, VIDEO } from '../fixtures/player.ts';
import { pictureMoves } from '../fixtures/probe.ts';
import { expect, test } from '../fixtures/test.ts';
import { Meeting } from '../pages/meeting.ts';
import { Prejoin } from '../pages/prejoin.ts';

const OFF = { camera: false, microphone: false };
/** The player's own page is not ours. */
const PLAYER = 'iframe';

const names = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `Guest ${from + index}`);

/** The names of the tiles, row by row. */
async function order(person: Person): Promise<string[]> {
  const tiles = await person.meeting.tiles.evaluateAll((all) =>
    all.map((tile) => {
      const { x, y } = tile.getBoundingClientRect();
      return { name: tile.getAttribute('aria-label') ?? '', x, y };
    }),
  );
  return tiles.sort((a, b) => a.y - b.y || a.x - b.x).map(({ name }) => name);
}

const isFull = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.fullscreenElement !== null);

test('a name in the address is shown and cannot be changed [attr.displayName]', async ({
  people,
  room,
}) => {
  const ann = await people.arrive();
  await ann.open(address({ room, query: 'displayName=Ann%20Lee' }));
  await expect(ann.prejoin.name).toHaveValue('Ann Lee');
  await expect(ann.prejoin.name).not.toBeEditable();
  await expect(ann.prejoin.name).toHaveAccessibleDescription(/came with the link/);
  await ann.prejoin.joinButton.click();
  const ben = await people.join('Ben', { room, ...OFF });
  await expect(ben.meeting.tile('Ann Lee')).toBeVisible();
  await ann.meeting.control('Settings').click();
  const field = ann.meeting.settings.getByRole('textbox', { name: 'Your name' });
  await expect(field).toHaveValue('Ann Lee');
  await expect(field).not.toBeEditable();
});

test('who switches a camera on comes first [attr.sortPeers]', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, query: 'sortPeers=true', ...OFF });
  const ben = await people.join('Ben', { room, ...OFF });
  const cleo = await people.join('Cleo', { room, microphone: false });
  await expect.poll(() => order(ann)).toEqual(['Cleo', 'Ann (you)', 'Ben']);
  await ben.meeting.control('Turn camera on').click();
  await expect.poll(() => order(ann)).toEqual(['Cleo', 'Ben', 'Ann (you)']);
  await cleo.meeting.control('Turn camera off').click();
  await expect.poll(() => order(ann)).toEqual(['Ben', 'Cleo', 'Ann (you)']);
  // without the attribute, in the order of coming, oneself first
  expect(await order(cleo)).toEqual(['Cleo (you)', 'Ann', 'Ben']);
});

test('thirty people fit one screen of a phone [attr.minimizeTiles]', async ({ people, room }) => {
  const phone = { viewport: { width: 390, height: 844 } };
  const ann = await people.join('Ann', { room, query: 'minimizeTiles=true', ...OFF }, phone);
  const ben = await people.join('Ben', { room, ...OFF }, phone);
  const bus = await (await people.arrive()).open('/');
  await joinAs(bus.page, room, names(3, 30));
  await expect(ann.meeting.tiles).toHaveCount(30);
  await expect(ann.page.getByRole('navigation', { name: 'Pages' })).toHaveCount(0);
  await expect(ben.page.getByRole('navigation', { name: 'Pages' })).toBeVisible();
  const widths = await ann.meeting.tiles.evaluateAll((all) =>
    all.map((tile) => tile.getBoundingClientRect().width),
  );
  expect(Math.min(...widths)).toBeGreaterThanOrEqual(71);
});

test('tiles show the picture alone [attr.hideIndicators]', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, query: 'hideIndicators=true', ...OFF });
  const ben = await people.join('Ben', { room, ...OFF });
  const tile = ann.meeting.tile('Ben');
  await expect(tile).toBeVisible();
  await expect(tile.getByText('Ben', { exact: true })).toHaveCount(0);
  await expect(tile.getByRole('img')).toHaveCount(0);
  await expect(tile.getByRole('button')).toHaveCount(0);
  await expect(ben.meeting.tile('Ann').getByText('Ann', { exact: true })).toBeVisible();
});

test('there are no controls, and no keys in their place [attr.controlsDisabled]', async ({
  people,
  room,
}) => {
  const ann = await people.arrive();
  await ann.open(address({ room, query: 'controlsDisabled=true' }));
  await ann.prejoin.join('Ann');
  await expect(ann.meeting.tile('Ann (you)')).toBeVisible();
  await expect(ann.meeting.toolbar).toHaveCount(0);
  const ben = await people.join('Ben', { room, ...OFF });
  await ann.page.keyboard.press('v');
  await ann.page.keyboard.press('c');
  await expect(ann.meeting.tile('Ann (you)')).toHaveAttribute('data-camera', 'on');
  await expect(ann.meeting.chat).toHaveCount(0);
  expect(await pictureMoves(ben.meeting.video('Ann'))).toBe(true);
  // the tiles use what the toolbar would take
  const box = await ann.page.locator('.meeting__main').boundingBox();
  expect(box?.height).toBe(640);
});

for (const attribute of ['disableChat', 'disbleChat']) {
  test(`the chat's button does nothing with ${attribute} [attr.disableChat]`, async ({
    people,
    room,
  }) => {
    const ann = await people.join('Ann', { room, query: `${attribute}=true`, ...OFF });
    const ben = await people.join('Ben', { room, ...OFF });
    const button = ann.meeting.control('Chat');
    await expect(button).toBeVisible();
    await expect(button).toHaveAttribute('aria-disabled', 'true');
    await expect(button).toHaveAccessibleDescription(/no chat/i);
    await ben.meeting.openChat();
    await ben.meeting.say('hello');
    await expect(ben.meeting.chat.getByText('hello')).toBeVisible();
    await button.click({ force: true });
    await ann.page.keyboard.press('c');
    await expect(ann.meeting.tile('Ben')).toBeVisible();
    await expect(ann.meeting.chat).toHaveCount(0);
    await expect(button).not.toHaveAttribute('data-badge');
  });
}

test('joining fills the screen [attr.startWithFS]', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, query: 'startWithFS=true', ...OFF });
  await expect.poll(() => isFull(ann.page)).toBe(true);
  await expect(ann.page.getByRole('button', { name: 'Start in full screen' })).toHaveCount(0);
});

test('any key will do where nobody clicked to join [attr.startWithFS]', async ({
  people,
  room,
}) => {
  const ann = await people.arrive();
  await ann.open(address({ room, query: 'startWithFS=true' }));
  await ann.prejoin.name.fill('Ann');
  // as the browser does it after a redirect: without a click
  await ann.page.evaluate(() => {
    document.exitFullscreen = () => Promise.resolve();
    const request = Element.prototype.requestFullscreen;
    Element.prototype.requestFullscreen = function () {
      Element.prototype.requestFullscreen = request;
      return Promise.reject(new TypeError('Permissions check failed'));
    };
  });
  await ann.prejoin.joinButton.click();
  const prompt = ann.page.getByRole('dialog', { name: 'Start in full screen' });
  await expect(prompt.getByRole('button', { name: 'Start in full screen' })).toBeFocused();
  await ann.page.keyboard.press('x');
  await expect.poll(() => isFull(ann.page)).toBe(true);
  await expect(prompt).toHaveCount(0);
});

test('in a frame that may, joining fills the screen [attr.startWithFS]', async ({
  people,
  room,
  server,
}) => {
  const query = 'startWithFS=true&displayName=Ann';
  const host = await HostPage.embedding(server.origin + address({ room, query }), ALLOW);
  const ann = await people.arrive();
  await ann.page.goto(host.url);
  const frame = ann.page.frameLocator('iframe');
  await frame.locator('body[data-hydrated]').waitFor({ state: 'attached' });
  await new Prejoin(frame).joinButton.click();
  await expect.poll(() => isFull(ann.page)).toBe(true);
  await expect(new Meeting(frame).tile('Ann (you)')).toBeVisible();
  await host.close();
});

test('a frame without the permission says why [attr.startWithFS]', async ({
  people,
  room,
  server,
}) => {
  const allow = ALLOW.replace('fullscreen; ', '');
  const query = 'startWithFS=true&displayName=Ann';
  const host = await HostPage.embedding(server.origin + address({ room, query }), allow);
  const ann = await people.arrive();
  await ann.page.goto(host.url);
  const frame = ann.page.frameLocator('iframe');
  await frame.locator('body[data-hydrated]').waitFor({ state: 'attached' });
  await new Prejoin(frame).joinButton.click();
  await expect(frame.getByText('its frame lacks allow="fullscreen"')).toBeVisible();
  await host.close();
});

test('the page waits for the one around it, and not for ever [attr.nameScreenDisabled]', async ({
  people,
  room,
  server,
}) => {
  const query = 'nameScreenDisabled=true&displayName=Ann';
  const host = await HostPage.embedding(server.origin + address({ room, query }), ALLOW);
  const ann = await people.arrive();
  await ann.page.clock.install();
  await ann.page.goto(host.url);
  const frame = ann.page.frameLocator('iframe');
  await frame.locator('body[data-hydrated]').waitFor({ state: 'attached' });
  await expect(frame.getByRole('heading', { name: 'Ready' })).toBeVisible();
  await expect(frame.getByText('as soon as the page around the meeting lets you')).toBeVisible();
  const join = frame.getByRole('button', { name: 'Join', exact: true });
  await expect(join).toHaveCount(0);
  await ann.page.clock.fastForward(11_000);
  await join.click();
  await expect(new Meeting(frame).tile('Ann (you)')).toBeVisible();
  await host.close();
});

test('alone, the page has a button at once and asks for no device [attr.nameScreenDisabled]', async ({
  people,
  room,
}) => {
  const ann = await people.arrive();
  await countDevices(ann.page);
  await ann.open(address({ room, query: 'nameScreenDisabled=true&displayName=Ann' }));
  await expect(ann.prejoin.name).toHaveCount(0);
  await ann.prejoin.joinButton.click();
  await expect(ann.meeting.tile('Ann (you)')).toHaveAttribute('data-camera', 'off');
  expect(await asked(ann.page)).toBe(0);
});

test('a viewer is never asked for the microphone, and hears after one click [attr.autoplayWithoutAudioTrack]', async ({
  people,
  room,
  server,
}) => {
  const speaker = await people.join('Speaker', {
    room,
    path: 'webinar',
    query: 'itisparticipant=true',
    camera: false,
  });
  await expect(speaker.meeting.tile('Speaker (you)')).toBeVisible();
  const viewer = await people.arrive({ permissions: [] });
  await countDevices(viewer.page);
  await viewer.page.addInitScript(() => {
    // as iOS does it: sound starts with a click
    let clicked = false;
    addEventListener(
      'click',
      ({ target }) => (clicked ||= (target as Element).textContent === 'Turn sound on'),
      true,
    );
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function () {
      return this.muted || clicked
        ? play.call(this)
        : Promise.reject(new DOMException('a click is needed', 'NotAllowedError'));
    };
  });
  const link = address({
    room,
    path: 'webinar',
    query: 'autoplayWithoutAudioTrack=true&displayName=Vic',
  });
  // every viewer's page does so; what the attribute changes is what it is told
  for (const wanted of [true, false]) {
    const page = await viewer.page.request.get(server.origin + link.replace('true', `${wanted}`));
    const told = /autoplayWithoutAudioTrack\\?":(true|false)/.exec(await page.text())?.[1];
    expect(told).toBe(`${wanted}`);
  }
  await viewer.open(link);
  await viewer.prejoin.joinButton.click();
  await expect(viewer.meeting.tile('Speaker')).toBeVisible();
  await viewer.page.getByRole('button', { name: 'Turn sound on' }).click();
  await expect(viewer.page.getByRole('button', { name: 'Turn sound on' })).toHaveCount(0);
  await expectHears(viewer);
  expect(await asked(viewer.page)).toBe(0);
});

test('the way back to a room asks the server what its address means [attr.displayName]', async ({
  people,
  room,
}) => {
  const ann = await people.arrive();
  await ann.open(address({ room, query: 'displayName=Ann' }));
  await ann.prejoin.joinButton.click();
  await ann.meeting.leave();
  await ann.page.getByRole('link', { name: 'To the start page' }).click();
  await expect(ann.home.newConference).toBeVisible();
  await ann.page.goBack();
  await expect(ann.prejoin.name).toHaveValue('Ann');
  await expect(ann.prejoin.joinButton).toBeEnabled();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`${colorScheme}: what attributes show has no accessibility violation`, async ({
    people,
    room,
  }) => {
    const ann = await people.arrive({ colorScheme });
    await servePlayer(ann);
    await ann.open(address({ room, query: 'nameScreenDisabled=true' }));
    await expectNoViolation(ann, 'ready', PLAYER);
    await ann.open(address({ room, path: 'webinar', query: 'displayName=Vic' }));
    await expectNoViolation(ann, 'a viewer’s welcome', PLAYER);
    await ann.prejoin.joinButton.click();
    await expect(ann.page.getByText('The speakers are not here yet')).toBeVisible();
    await expectNoViolation(ann, 'nobody yet', PLAYER);
    const query = `${VIDEO}&startWithFS=true&disableChat=true&handEnabled=true&displayName=Ann`;
    await ann.open(address({ room, query }));
    await expectNoViolation(ann, 'a given name', PLAYER);
    await ann.page.evaluate(() => {
      Element.prototype.requestFullscreen = () => Promise.reject(new TypeError('no click'));
    });
    await ann.prejoin.joinButton.click();
    await expect(ann.page.getByRole('dialog')).toBeVisible();
    await expectNoViolation(ann, 'full screen', PLAYER);
    await ann.page.getByRole('button', { name: 'Not now' }).click();
    await expect(ann.page.getByRole('dialog')).toHaveCount(0);
    await ann.page.keyboard.press('r');
    await expect(ann.meeting.tile('Ann (you)').getByRole('img', { name: 'Hand raised' })).toBeVisible();
    await expectNoViolation(ann, 'player and hand', PLAYER);
  });
}

/** Counts how often the page asks for a device. */
async function countDevices(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const media = navigator.mediaDevices;
    const ask = media.getUserMedia.bind(media);
    Object.assign(window, { asked: 0 });
    media.getUserMedia = (constraints) => {
      (window as unknown as { asked: number }).asked += 1;
      return ask(constraints);
    };
  });
}

const asked = (page: Page): Promise<number> =>
  page.evaluate(() => (window as unknown as { asked: number }).asked);
