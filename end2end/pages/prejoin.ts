// The welcome screen of a room: devices are tried out, a name is given.
import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test';

/** What somebody wants before entering. */
export interface Wishes {
  microphone?: boolean;
  camera?: boolean;
}

export class Prejoin {
  readonly name: Locator;
  readonly joinButton: Locator;
  readonly preview: Locator;
  readonly level: Locator;
  readonly microphone: Locator;
  readonly camera: Locator;
  readonly microphones: Locator;
  readonly cameras: Locator;
  readonly speakers: Locator;

  constructor(root: Page | FrameLocator) {
    this.name = root.getByRole('textbox', { name: 'Your name' });
    this.joinButton = root.getByRole('button', { name: 'Join', exact: true });
    this.preview = root.locator('video');
    this.level = root.getByRole('meter', { name: 'Microphone level' });
    this.microphone = root.getByRole('button', { name: /^Turn microphone (off|on)$/ });
    this.camera = root.getByRole('button', { name: /^Turn camera (off|on)$/ });
    this.microphones = root.getByRole('combobox', { name: 'Microphone' });
    this.cameras = root.getByRole('combobox', { name: 'Camera' });
    this.speakers = root.getByRole('combobox', { name: 'Speaker' });
  }

  /** Gives the name, switches the devices as wished, and joins. */
  async join(name: string, { microphone = true, camera = true }: Wishes = {}): Promise<void> {
    await this.name.fill(name);
    await set(this.microphone, microphone);
    await set(this.camera, camera);
    await this.joinButton.click();
  }
}

/** Clicks a toggle named `Turn … off|on` until it is as wished. */
async function set(toggle: Locator, on: boolean): Promise<void> {
  const name = await toggle.getAttribute('aria-label');
  const isOn = (name ?? (await toggle.innerText())).endsWith('off');
  if (isOn !== on) await toggle.click();
  await expect(toggle).toHaveAccessibleName(on ? /off$/ : /on$/);
}
