// A meeting: tiles, toolbar, panels.
import type { FrameLocator, Locator, Page } from '@playwright/test';

/** What a tile shows. */
export type TileSource = 'camera' | 'screen';

export class Meeting {
  readonly toolbar: Locator;
  readonly tiles: Locator;
  readonly chat: Locator;
  readonly people: Locator;
  readonly settings: Locator;
  readonly help: Locator;
  readonly left: Locator;
  readonly rejoin: Locator;
  readonly #root: Page | FrameLocator;

  constructor(root: Page | FrameLocator) {
    this.#root = root;
    this.toolbar = root.getByRole('toolbar', { name: 'Meeting controls' });
    this.tiles = root.locator('[data-peer][data-source]');
    this.chat = root.getByRole('region', { name: 'Chat' });
    this.people = root.getByRole('region', { name: 'People' });
    this.settings = root.getByRole('dialog', { name: 'Settings' });
    this.help = root.getByRole('dialog', { name: 'Keyboard shortcuts' });
    this.left = root.getByRole('heading', { name: 'You left the meeting' });
    this.rejoin = root.getByRole('button', { name: 'Rejoin' });
  }

  /** A button of the toolbar, by the start of its name: some names carry a
   * count or a key. */
  control(name: string | RegExp): Locator {
    const pattern = typeof name === 'string' ? new RegExp(`^${name}`) : name;
    return this.toolbar.getByRole('button', { name: pattern });
  }

  /** The tile of a participant. */
  tile(name: string, source: TileSource = 'camera'): Locator {
    return this.#root
      .getByRole('group', { name, exact: source === 'camera' })
      .and(this.#root.locator(`[data-source="${source}"]`));
  }

  /** The picture in the tile of a participant. */
  video(name: string, source: TileSource = 'camera'): Locator {
    return this.tile(name, source).locator('video');
  }

  /** Opens the chat and returns the box to write in. */
  async openChat(): Promise<Locator> {
    await this.control('Chat').click();
    const box = this.chat.getByRole('textbox', { name: 'Message' });
    await box.waitFor();
    return box;
  }

  /** Writes a line into the chat, which must be open. */
  async say(text: string): Promise<void> {
    const box = this.chat.getByRole('textbox', { name: 'Message' });
    await box.fill(text);
    await box.press('Enter');
  }

  async leave(): Promise<void> {
    await this.control('Leave').click();
  }
}
